import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@app/kernel';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import { isWebOrigin } from './origin-rule';

/** Lets the pages of an origin read the answer, and when to try again. */
export const readableBy = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'Retry-After',
});

/**
 * Runs before limits and validation on the public embed routes. Pages may read why a request was refused for its form
 * or its rate, so that the widget can say "try again in a minute"; the controller takes that back before it looks at
 * the key, and gives it again to the embed's own origins.
 */
@Injectable()
export class EmbedRequestMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  /** The longest valid request for a session has about 8.6 KB. */
  protected readonly maxBodyBytes: number = 10_240;

  use(request: IncomingMessage, response: ServerResponse, next: (error?: Error) => void): void {
    const { origin, 'content-length': length } = request.headers;
    response.setHeader('vary', 'Origin');
    if (isWebOrigin(origin)) {
      for (const [name, value] of Object.entries(readableBy(origin))) response.setHeader(name, value);
    }
    // Browsers know the length of a JSON body; a body without one could have any.
    const isTooLarge = Number(length ?? 0) > this.maxBodyBytes || request.headers['transfer-encoding'] !== undefined;
    next(isTooLarge ? new AppError('request.too-large') : undefined);
  }
}
