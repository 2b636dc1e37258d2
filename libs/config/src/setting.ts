/** One environment variable: what it is for, what it is when nobody sets it, and how its text is read. */
export interface Setting<T> {
  readonly group: string;
  readonly description: string;
  /** The text it has when it is not set; null when it then is null. */
  readonly fallback: string | null;
  /** A value to show in `.env.example` where there is no fallback. */
  readonly example: string;
  /** Gives the value, or throws an Error whose message says what is wrong without quoting the text. */
  readonly parse: (text: string) => T;
}

/** A setting with a default. */
export const withDefault = <T>(
  group: string,
  description: string,
  fallback: string,
  parse: (text: string) => T,
): Setting<T> => ({ group, description, fallback, example: '', parse });

/** A setting that is null when it is not set. */
export const optional = <T>(
  group: string,
  description: string,
  example: string,
  parse: (text: string) => T,
): Setting<T | null> => ({ group, description, fallback: null, example, parse });
