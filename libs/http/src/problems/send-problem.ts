import type { Problem } from '@app/kernel';
import type { FastifyReply } from 'fastify';

/** Sends a problem in its media type (RFC 9457), with `Retry-After` and `X-Request-Id` where it has them. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  if (problem.requestId !== undefined) reply.raw.setHeader('x-request-id', problem.requestId);
  reply.header('cache-control', 'no-store');
  reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
