/** What a person should look at in a document. */
export interface Finding {
  /** `injection`: text that speaks to a model; `hidden-text`: shown to nobody; `invisible-characters`: letters without shape. */
  readonly kind: 'injection' | 'hidden-text' | 'invisible-characters';
  /** A stable name in kebab-case. */
  readonly rule: string;
  /** Of the section it is in; empty for the document's title and what stands before the first heading. */
  readonly headingPath: readonly string[];
  /** 1-based, where the format has pages. */
  readonly page?: number;
  /** One line of at most 160 characters around the place, without invisible characters. Foreign text: show it as text. */
  readonly excerpt: string;
}

export interface Inspection {
  /** At most 20: injections first, then hidden text, then invisible characters; each in reading order. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly cutCount: number;
}
