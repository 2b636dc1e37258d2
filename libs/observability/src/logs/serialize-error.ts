/** Enough to find the cause; a driver's message can quote a long value. */
const MAX_MESSAGE_CHARS = 500;
const MAX_STACK_CHARS = 4_000;
const MAX_CAUSES = 4;

export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

/**
 * What a log may hold of an error: an allow-list. Database errors carry the statement's parameters, HTTP clients the
 * request with its headers; none of that is copied.
 */
export function serializeError(error: unknown, causesLeft = MAX_CAUSES): LoggedError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: 'Not an error' };
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : undefined;
  };
  const [code, stack] = [text('code'), text('stack')];
  const cause: unknown = Reflect.get(error, 'cause');
  return {
    type: error.constructor?.name ?? 'Object',
    message: (text('message') ?? '').slice(0, MAX_MESSAGE_CHARS),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack: framesOf(stack).slice(0, MAX_STACK_CHARS) }),
    ...(cause !== undefined && causesLeft > 0 && { cause: serializeError(cause, causesLeft - 1) }),
  };
}

/** The stack without the message in front of it, which is logged, cut, on its own. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
