import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Logger } from '@nestjs/common';

import type { HttpReply, HttpRequest } from '../http-request';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options';
import { type HeaderList, securityHeaders } from '../platform/security-headers';
import { sendProblem } from './send-problem';
import { toAppError } from './to-problem';

/**
 * Turns whatever was thrown on the way to an answer into a problem. Nothing else answers with an error: services throw
 * AppErrors, Nest and Fastify throw their own, bugs throw anything.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  private readonly headers: HeaderList;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.headers = securityHeaders(options);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    const appError = toAppError(error);
    const problem = appError.toProblem(request.id);
    if (problem.status >= 500) {
      this.logger.error({ err: appError.options.cause ?? appError, code: problem.code, requestId: request.id });
    }
    // A stream that has begun cannot become a problem; cutting it is the only honest end.
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    // Some answers (an unreadable address) never pass the hook that sets them.
    for (const [name, value] of this.headers) {
      if (!reply.raw.hasHeader(name)) reply.raw.setHeader(name, value);
    }
    sendProblem(reply, problem);
  }
}
