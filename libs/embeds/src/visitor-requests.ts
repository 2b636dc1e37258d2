import { type HttpRequest, VisitorAuthenticator, type VisitorCaller } from '@app/http';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { EmbedReader } from './embed-reader';
import { type VisitorClaims, VisitorTokens } from './visitor-tokens';

/** One word, one space, one token, as for signed-in people. */
const BEARER = /^Bearer ([A-Za-z0-9._-]+)$/;

/** Finds out which visitor sends a request, by the visitor token and the page's origin. */
@Injectable()
export class VisitorRequests extends VisitorAuthenticator {
  constructor(
    private readonly tokens: VisitorTokens,
    private readonly embeds: EmbedReader,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate({ headers }: Pick<HttpRequest, 'headers'>): Promise<VisitorCaller> {
    if (headers.authorization === undefined) throw new AppError('auth.required');
    const claims = this.tokens.verify(BEARER.exec(headers.authorization)?.[1], headers.origin);
    if (!(await this.embeds.isLive(claims))) throw new AppError('visitor.token-invalid');
    const { workspaceId, embedId, visitorId } = claims;
    return { workspaceId, embedId, visitorId, findFault: () => this.findFault(claims) };
  }

  private async findFault(claims: VisitorClaims): Promise<'token-expired' | 'embed-changed' | null> {
    if (claims.expiresAt <= this.clock.now()) return 'token-expired';
    return (await this.embeds.isLive(claims)) ? null : 'embed-changed';
  }
}
