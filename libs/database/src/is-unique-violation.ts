import { QueryFailedError } from 'typeorm';
import { errorCode } from './error-code';

/** PostgreSQL's unique_violation (Appendix A, error codes). */
const UNIQUE_VIOLATION = '23505';

/** Whether a statement failed because such a row exists already. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof QueryFailedError && errorCode(error.driverError) === UNIQUE_VIOLATION;
