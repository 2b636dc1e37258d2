import { AppError, type ErrorCode } from '@app/kernel';
import { systemCodeOf } from './system-code';

/** Node's names for certificates that do not hold, and for TLS that could not be agreed on. */
const INSECURE = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$)/;
/** llhttp and zlib: the answer is not what it says it is. */
const UNREADABLE = /^(HPE_|Z_|ERR_|_?BROTLI)/i;

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'source.not-public',
  402: 'source.not-public',
  403: 'source.not-public',
  407: 'source.not-public',
  404: 'source.gone',
  410: 'source.gone',
  429: 'source.busy',
  503: 'source.busy',
};

/** Of a network, TLS, HTTP or decompression error. Names and addresses stay in `cause`, which nobody is shown. */
export function toSourceError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(codeOf(error), { cause: error });
}

/** Of an answer that brings no content. */
export function errorOfStatus(status: number, retryAfterSeconds?: number): AppError {
  const code = CODES[status] ?? (status >= 500 ? 'source.failing' : 'source.answer-invalid');
  return new AppError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

function codeOf(error: unknown): ErrorCode {
  const code = systemCodeOf(error);
  if (INSECURE.test(code)) return 'source.insecure';
  return UNREADABLE.test(code) ? 'source.answer-invalid' : 'source.unreachable';
}
