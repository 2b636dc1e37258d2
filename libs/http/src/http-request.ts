import type { FastifyReply, FastifyRequest } from 'fastify';

/** The request as guards and interceptors see it: Fastify's, with path parameters as text. `id` is the request id. */
export type HttpRequest = FastifyRequest<{ Params: Record<string, string | undefined> }>;

export type HttpReply = FastifyReply;
