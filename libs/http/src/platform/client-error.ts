import { AppError, type ErrorCode, newId } from '@app/kernel';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { HeaderList } from './security-headers';

const CODE_BY_PARSER_ERROR: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/** Answers bytes that Node could not read as a request; there is no request object, so it is written by hand. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, headers: HeaderList): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const requestId = newId();
  const problem = new AppError(CODE_BY_PARSER_ERROR[error.code ?? ''] ?? 'request.malformed').toProblem(requestId);
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'content-type: application/problem+json; charset=utf-8',
    `x-request-id: ${requestId}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
