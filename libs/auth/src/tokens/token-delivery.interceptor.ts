import { EnumField, type HttpReply, type HttpRequest } from '@app/http';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';

import { AuthSettings } from '../auth-settings';
import { CsrfTokens } from './csrf-tokens';
import { setRefreshCookie } from './refresh-cookie';

/** Where a client wants its refresh token. */
export type RefreshTokenIn = 'cookie' | 'body';

/** For the DTO of every route that hands out tokens. */
export const RefreshTokenInField = (): PropertyDecorator =>
  EnumField({
    values: ['cookie', 'body'],
    optional: true,
    description: 'Where the refresh token goes: a cookie for browsers (the default), or the body for other clients',
  });

interface Answer {
  readonly refreshToken: string;
}

const hasTokens = (answer: unknown): answer is Answer =>
  typeof answer === 'object' && answer !== null && 'refreshToken' in answer && typeof answer.refreshToken === 'string';

/** Whether a client chose the body, by its word or by sending the token there. Both were validated by then. */
const wantsBody = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  (('refreshTokenIn' in body && body.refreshTokenIn === 'body') || 'refreshToken' in body);

/**
 * Takes the refresh token out of an answer and puts it into the `__Host-rt` cookie, where no script can read it, unless
 * the client chose the body. A browser's answer says the CSRF token instead.
 */
@Injectable()
export class TokenDelivery implements NestInterceptor {
  constructor(
    private readonly settings: AuthSettings,
    private readonly csrfTokens: CsrfTokens,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    return next
      .handle()
      .pipe(map((answer) => this.deliver(answer, http.getRequest<HttpRequest>(), http.getResponse<HttpReply>())));
  }

  private deliver(answer: unknown, request: HttpRequest, reply: HttpReply): unknown {
    if (!hasTokens(answer) || wantsBody(request.body)) return answer;
    const { refreshToken, ...rest } = answer;
    setRefreshCookie(reply, refreshToken, this.settings.tokens.refreshIdleTtlSeconds);
    const [sessionId = ''] = refreshToken.split('.');
    return { ...rest, csrfToken: this.csrfTokens.issue(sessionId) };
  }
}

/** On every route that answers with tokens. Its DTO has a `@RefreshTokenInField()`. */
export const HandsOutTokens = (): MethodDecorator => applyDecorators(UseInterceptors(TokenDelivery));
