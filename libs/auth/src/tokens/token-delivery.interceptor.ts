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
import { DEVICE_COOKIE, DEVICE_TTL_SECONDS, KnownDevices, presentedDevice } from '../sign-in/known-devices';
import { CsrfTokens } from './csrf-tokens';
import { setHostCookie } from './host-cookie';
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
  /** Of an answer to a sign-in: somebody showed who they are. */
  readonly user?: { readonly id: string };
}

const hasTokens = (answer: unknown): answer is Answer =>
  typeof answer === 'object' && answer !== null && 'refreshToken' in answer && typeof answer.refreshToken === 'string';

const deviceTokenIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'deviceToken' in body && typeof body.deviceToken === 'string'
    ? body.deviceToken
    : undefined;

/** Whether a client chose the body, by its word or by sending the token there. Both were validated by then. */
const wantsBody = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  (('refreshTokenIn' in body && body.refreshTokenIn === 'body') || 'refreshToken' in body);

/**
 * Takes the refresh token out of an answer and puts it into the `__Host-rt` cookie, where no script can read it, unless
 * the client chose the body. A browser's answer says the CSRF token instead. After a sign-in the token by which this device
 * is known goes the same way.
 */
@Injectable()
class TokenDelivery implements NestInterceptor {
  constructor(
    private readonly settings: AuthSettings,
    private readonly csrfTokens: CsrfTokens,
    private readonly devices: KnownDevices,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    return next
      .handle()
      .pipe(map((answer) => this.deliver(answer, http.getRequest<HttpRequest>(), http.getResponse<HttpReply>())));
  }

  private deliver(answer: unknown, request: HttpRequest, reply: HttpReply): unknown {
    if (!hasTokens(answer)) return answer;
    const deviceToken =
      answer.user && this.devices.issue(answer.user.id, presentedDevice(deviceTokenIn(request.body), request));
    if (wantsBody(request.body)) return deviceToken === undefined ? answer : { ...answer, deviceToken };
    const { refreshToken, ...rest } = answer;
    if (deviceToken !== undefined) setHostCookie(reply, DEVICE_COOKIE, deviceToken, DEVICE_TTL_SECONDS);
    setRefreshCookie(reply, refreshToken, this.settings.tokens.refreshIdleTtlSeconds);
    const [sessionId = ''] = refreshToken.split('.');
    return { ...rest, csrfToken: this.csrfTokens.issue(sessionId) };
  }
}

/** On every route that answers with tokens. Its DTO has a `@RefreshTokenInField()`. */
export const HandsOutTokens = (): MethodDecorator => applyDecorators(UseInterceptors(TokenDelivery));
