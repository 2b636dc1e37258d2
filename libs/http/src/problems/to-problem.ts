import { AppError, type ErrorCode, type Problem } from '@app/kernel';
import { HttpException } from '@nestjs/common';

/** Framework errors by HTTP status. Their own texts are engine text and may quote the request, so they are not shown. */
const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed',
  401: 'auth.required',
  403: 'access.denied',
  404: 'route.not-found',
  405: 'route.method-not-allowed',
  413: 'request.too-large',
  414: 'request.too-large',
  415: 'request.unsupported-media-type',
  421: 'request.host-not-allowed',
  429: 'limit.requests',
  431: 'request.too-large',
  503: 'service.not-ready',
};

/**
 * The one mapping from anything thrown to what a caller may read, for the REST filter and for sockets. Whatever is not
 * known is `internal.error` without detail; logging the cause is the caller's part.
 */
export function toProblem(error: unknown, requestId?: string): Problem {
  return toAppError(error).toProblem(requestId);
}

/** The AppError behind anything thrown; the original is its `cause`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = CODE_BY_STATUS[statusOf(error)] ?? 'internal.error';
  return new AppError(code, { cause: error });
}

/** Nest's exceptions and Fastify's errors (`FST_ERR_…`) carry a status; a driver's or a bug's error does not count. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || !('code' in error)) return 500;
  return String(error.code).startsWith('FST_') && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
