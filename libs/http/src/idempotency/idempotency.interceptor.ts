import { sha256 } from '@app/crypto';
import { AppError } from '@app/kernel';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';

import { identityOf } from '../access/request-identity';
import type { HttpReply, HttpRequest } from '../http-request';
import { IdempotencyRecords, type IdempotencyState, type StoredAnswer } from './idempotency-records';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Carries a request with an `Idempotency-Key` out once (draft-ietf-httpapi-idempotency-key-header). Only answers are
 * remembered: a request that failed may be tried again under the same key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(private readonly records: IdempotencyRecords) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    const header = request.headers['idempotency-key'];
    if (header === undefined) return next.handle();

    const key = this.scopedKey(request, String(header));
    const fingerprint = sha256(JSON.stringify(request.body ?? null)).toString('base64url');
    const state = await this.start(key, fingerprint);
    if (state.kind === 'key-reused') throw new AppError('idempotency.key-reused');
    if (state.kind === 'in-progress') throw new AppError('idempotency.in-progress', { retryAfterSeconds: 1 });
    if (state.kind === 'answered') return of(this.replay(reply, state.answer));

    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.keep(key, fingerprint, this.answerOf(reply, body));
        return body;
      }),
      catchError((error: unknown) => from(this.giveBack(key, error))),
    );
  }

  /** Two users, workspaces or routes never share a key, whatever they call it. Hashed, so its length is bounded. */
  private scopedKey(request: HttpRequest, key: string): string {
    if (!KEY.test(key)) {
      throw new AppError('request.invalid', {
        errors: [{ path: 'Idempotency-Key', message: 'must have 1 to 255 printable characters' }],
      });
    }
    const identity = identityOf(request);
    if (!identity) throw new Error('@Idempotent() needs @SignedIn() or @Can() on the route');
    const { user, workspace } = identity;
    const actor = workspace?.actor ?? { type: 'user', id: user?.userId };
    const scope = [actor, workspace?.workspaceId ?? '', request.method, request.url, key];
    return sha256(JSON.stringify(scope)).toString('base64url');
  }

  private answerOf(reply: HttpReply, body: unknown): StoredAnswer {
    const location = reply.getHeader('location');
    return { status: reply.statusCode, body, ...(typeof location === 'string' && { location }) };
  }

  private replay(reply: HttpReply, { status, body, location }: StoredAnswer): unknown {
    reply.status(status).header('idempotency-replayed', 'true');
    if (location !== undefined) reply.header('location', location);
    return body;
  }

  /** Without the store nobody can tell whether this was done before, so it is not done. */
  private async start(key: string, fingerprint: string): Promise<IdempotencyState> {
    try {
      return await this.records.start(key, fingerprint);
    } catch (cause) {
      throw new AppError('service.not-ready', { retryAfterSeconds: 5, cause });
    }
  }

  /** The work is done and the caller must hear of it; a repeat within two minutes is still refused by the claim. */
  private async keep(key: string, fingerprint: string, answer: StoredAnswer): Promise<void> {
    try {
      await this.records.complete(key, fingerprint, answer);
    } catch (error) {
      this.logger.warn({ err: error }, 'The answer to a request with an Idempotency-Key was not kept');
    }
  }

  /** What went wrong with the request is what the caller must hear, even if the key cannot be given back. */
  private async giveBack(key: string, error: unknown): Promise<never> {
    try {
      await this.records.abandon(key);
    } catch (cause) {
      this.logger.warn({ err: cause }, 'An Idempotency-Key was not given back');
    }
    throw error;
  }
}
