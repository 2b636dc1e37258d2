import type { EmbedSession } from '@app/chat-protocol';
import { type HttpReply, type HttpRequest, LimitedBy, Public } from '@app/http';
import { Body, Controller, HttpCode, Options, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { EmbedAdmission } from './embed-admission';
import { readableBy } from './embed-request.middleware';
import { EmbedSessionView, OpenEmbedSessionDto } from './embed-sessions.dto';
import { EmbedSessionsService } from './embed-sessions.service';

/** Browsers may keep a preflight's answer this long; it says nothing that could become wrong. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

@ApiTags('embed')
@Controller('embed/sessions')
export class EmbedSessionsController {
  constructor(
    private readonly admission: EmbedAdmission,
    private readonly sessions: EmbedSessionsService,
  ) {}

  /**
   * Starts or resumes a visitor's session on an allowed site. The browser sets `Origin`. Whoever was admitted may read
   * why the rest was refused.
   */
  @Post()
  @Public()
  @LimitedBy('embedSession')
  @ApiCreatedResponse({ type: EmbedSessionView })
  async open(
    @Body() { embedKey, ...input }: OpenEmbedSessionDto,
    @Req() { id: requestId, ip, headers }: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<EmbedSession> {
    for (const name of Object.keys(readableBy(''))) reply.raw.removeHeader(name);
    const admitted = await this.admission.admit(embedKey, headers.origin);
    reply.headers(readableBy(admitted.origin));
    return this.sessions.open(admitted, { ...input, requestId, ip });
  }

  /**
   * A preflight has no body, so nobody can know the key yet: every well-formed origin may ask (see the middleware), and
   * the answer to the real request decides. It says the same about every origin, so it tells nothing about any embed.
   */
  @Options()
  @Public()
  @HttpCode(204)
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) reply: HttpReply): void {
    reply.headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
    });
  }
}
