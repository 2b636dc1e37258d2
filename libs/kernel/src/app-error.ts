import { type CataloguedError, ERROR_CATALOGUE, type ErrorCode } from './error-catalogue';

export interface FieldFault {
  /** Dotted path of the field, for example `allowedOrigins.0`. */
  path: string;
  message: string;
}

/** RFC 9457 problem details, the one error shape of REST and sockets. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  requestId?: string;
  retryAfterSeconds?: number;
  errors?: FieldFault[];
  /** Id of the thing that is in the way, for example the document with the same bytes. */
  existingId?: string;
  /** Work to do before the same request is accepted: `Challenge` of the chat protocol. */
  challenge?: object;
}

export interface AppErrorOptions {
  /** Safe to show to the caller; never holds a secret, a path or SQL. */
  detail?: string;
  errors?: FieldFault[];
  /** When the catalogue's own is not right. */
  retryAfterSeconds?: number;
  existingId?: string;
  challenge?: object;
  cause?: unknown;
}

/** The only error thrown on purpose. Its code decides status and title. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly options: AppErrorOptions = {},
  ) {
    super(ERROR_CATALOGUE[code].title, { cause: options.cause });
    this.name = 'AppError';
  }

  toProblem(requestId?: string): Problem {
    const known: CataloguedError = ERROR_CATALOGUE[this.code];
    const { status, title } = known;
    const { detail, errors, retryAfterSeconds = known.retryAfterSeconds, existingId, challenge } = this.options;
    return {
      type: `urn:customercare:problem:${this.code}`,
      title,
      status,
      code: this.code,
      ...(detail !== undefined && { detail }),
      ...(errors !== undefined && { errors }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(existingId !== undefined && { existingId }),
      ...(challenge !== undefined && { challenge }),
      ...(requestId !== undefined && { requestId }),
    };
  }
}
