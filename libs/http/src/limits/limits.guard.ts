import { AppError } from '@app/kernel';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';

import type { HttpReply, HttpRequest } from '../http-request';
import { IsUnlimited } from './limit-decorators';

/**
 * Counts requests per client address (an IPv6 client is its /64, which one customer has whole) in sliding windows, before
 * anybody is authenticated and before the database is touched. Every answer says where the caller stands in
 * `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (draft-ietf-httpapi-ratelimit-headers-06; the reset is
 * when the oldest request stops counting); of several limits, the one with the least left.
 */
@Injectable()
export class LimitsGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    return this.reflector.getAllAndOverride(IsUnlimited, [context.getHandler(), context.getClass()]) === true;
  }

  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker } = request;
    const http = context.switchToHttp();
    const name = throttler.name ?? 'default';
    const tracker = await getTracker(http.getRequest<HttpRequest>(), context);
    // One counter for all routes: a counter a route would multiply the limit by the number of routes.
    const key = `${name}:${tracker}`;
    const record = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    this.tell(http.getResponse<HttpReply>(), limit, Math.max(0, limit - record.totalHits), record.timeToExpire);
    if (record.isBlocked) await this.throwThrottlingException(context, { ...record, limit, ttl, key, tracker });
    return true;
  }

  protected override async throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    throw new AppError('limit.requests', { retryAfterSeconds: timeToBlockExpire });
  }

  private tell(reply: HttpReply, limit: number, remaining: number, resetSeconds: number): void {
    const told = reply.getHeader('ratelimit-remaining');
    if (told !== undefined && Number(told) <= remaining) return;
    reply.headers({
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(resetSeconds),
    });
  }
}
