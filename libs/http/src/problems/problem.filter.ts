import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Logger } from '@nestjs/common';

import type { ErrorCode } from '@app/kernel';
import { AccessTrail } from '../access/access-trail';
import { recordRefusal } from '../access/record-refusal';
import { identityOf } from '../access/request-identity';
import type { HttpReply, HttpRequest } from '../http-request';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options';
import { type HeaderList, securityHeaders } from '../platform/security-headers';
import { sendProblem } from './send-problem';
import { toAppError } from './to-problem';

/** What is there and not for the caller, and what is not there, or not for the caller to know of. */
const REFUSALS: ReadonlySet<number> = new Set([403, 404]);

/**
 * Turns whatever was thrown on the way to an answer into a problem. Nothing else answers with an error: services throw
 * AppErrors, Nest and Fastify throw their own, bugs throw anything.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  private readonly headers: HeaderList;

  constructor(
    @Inject(HTTP_OPTIONS) options: HttpOptions,
    private readonly trail: AccessTrail,
  ) {
    this.headers = securityHeaders(options);
  }

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    const appError = toAppError(error);
    const problem = appError.toProblem(request.id);
    if (problem.status >= 500) {
      this.logger.error({ err: appError.options.cause ?? appError, code: problem.code, requestId: request.id });
    }
    if (REFUSALS.has(problem.status)) await this.record(request, problem.code);
    // A stream that has begun cannot become a problem; cutting it is the only honest end.
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    // Some answers (an unreadable address) never pass the hook that sets them.
    for (const [name, value] of this.headers) {
      if (!reply.raw.hasHeader(name)) reply.raw.setHeader(name, value);
    }
    sendProblem(reply, problem);
  }

  /** A route that refuses by itself is recorded like the guard's refusal, which left no identity or was recorded. */
  private async record(request: HttpRequest, code: ErrorCode): Promise<void> {
    const identity = identityOf(request);
    const context = identity?.workspace ?? identity?.user;
    if (context) await recordRefusal(this.trail, request, context, code);
  }
}
