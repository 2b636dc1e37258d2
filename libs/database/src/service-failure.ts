import { AppError } from '@app/kernel';
import { errorCode } from './error-code';

/** query_canceled (a statement took too long), lock_not_available, serialization_failure, deadlock_detected. */
const BUSY: ReadonlySet<string> = new Set(['57014', '55P03', '40001', '40P01']);

/**
 * connection_exception, insufficient_resources (also "too many connections"), operator_intervention (shutting down,
 * starting up, dropped) and idle_in_transaction_session_timeout; what the operating system says of a connection.
 * PostgreSQL 15, appendix A.
 */
const AWAY = /^(08\w{3}|53\w{3}|57P\w{2}|25P03|ECONN\w+|EHOST\w+|ENET\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/;

/** Of `pg` and its pool, which give them no code: the connection broke, or none was free or made in time. */
const LOST = /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when)/;

/**
 * The AppError for what a database refuses though nothing is wrong with the question: the same may succeed in a moment.
 * Null for everything else, such as a violated constraint or a fault in a statement.
 */
export function serviceFailure(cause: unknown): AppError | null {
  if (cause instanceof AppError) return null;
  const code = errorCode(cause) ?? '';
  if (BUSY.has(code)) return new AppError('service.busy', { cause });
  const isAway = AWAY.test(code) || (code === '' && cause instanceof Error && LOST.test(cause.message));
  return isAway ? new AppError('service.unavailable', { cause }) : null;
}
