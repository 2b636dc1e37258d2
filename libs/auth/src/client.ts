import type { HttpRequest } from '@app/http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import type { ClientInfo } from './client-info';

function clientOf(_data: unknown, context: ExecutionContext): ClientInfo {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  return { requestId: request.id, ip: request.ip, userAgent: request.headers['user-agent'] };
}

/** The `ClientInfo` of a request, for routes that start or prolong a session. */
export const Client = createParamDecorator(clientOf);
