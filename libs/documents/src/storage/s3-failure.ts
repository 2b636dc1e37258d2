import { AppError } from '@app/kernel';

/** What S3 says of a conditional write whose object changed, is being written, or went away. */
const REPLACED: ReadonlySet<string> = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

/**
 * What the operating system and the client say of a connection that was not made, is not trusted, broke or was silent, and
 * of a body that was changed on its way. Not always as a code: the client wraps errors of another realm as words.
 */
const LOST =
  /\b(?:E(?:CONN|HOST|NET)[A-Z]+|ETIMEDOUT|EPIPE|EPROTO|ENOTFOUND|EAI_AGAIN|ABORT_ERR|TimeoutError|AbortError|\w*CERT\w*|UNABLE_TO_VERIFY\w+|ERR_(?:TLS|SSL)\w+)\b|Checksum mismatch/;

/**
 * Answers to requests without a fault in them: keys that are not (yet, any more) accepted, a bucket that is not there, a
 * conflict, too many requests. An operator repairs them, and then the same request succeeds.
 */
const PASSING: ReadonlySet<number> = new Set([401, 403, 404, 408, 409, 429]);

/** An answer's code, as S3 writes it; undefined for what is none. Errors of another realm are no `instanceof Error`. */
function answerCode(error: unknown): string | undefined {
  const isAnswer = typeof error === 'object' && error !== null && '$fault' in error && 'name' in error;
  return isAnswer ? String(error.name) : undefined;
}

export const isMissingObject = (error: unknown): boolean => answerCode(error) === 'NoSuchKey';

/** Whether a conditional write was refused, as the object is not the one that was read. */
export const isReplacedObject = (error: unknown): boolean => REPLACED.has(answerCode(error) ?? '');

/** An object with fewer bytes than the first that were asked for. */
export const isEmptyObject = (error: unknown): boolean => answerCode(error) === 'InvalidRange';

/**
 * The AppError for what a store refuses or leaves unanswered though nothing is wrong with the question: the same may
 * succeed later. Null for everything else, such as a request the store does not understand.
 */
export function s3Failure(cause: unknown): AppError | null {
  if (cause instanceof AppError || typeof cause !== 'object' || cause === null) return null;
  const isAway = isPassingStatus(cause) || (answerCode(cause) === undefined && isLost(cause));
  return isAway ? new AppError('service.unavailable', { cause }) : null;
}

/** Also when there was a status but no answer anybody could read, as of a proxy in between. */
function isPassingStatus(cause: object): boolean {
  const metadata = '$metadata' in cause ? cause.$metadata : null;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return false;
  const status = Number(metadata.httpStatusCode);
  return status >= 500 || PASSING.has(status);
}

function isLost(cause: object): boolean {
  const { code, name, message }: { code?: unknown; name?: unknown; message?: unknown } = cause;
  return LOST.test([code, name, message].map(String).join(' '));
}
