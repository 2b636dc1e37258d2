import { AuditLog } from '@app/audit';
import type { Tx } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ActiveEmbed } from './active-embed';
import { Disclosures } from './disclosure/disclosures';
import type { Admission } from './embed-admission';
import { EmbedReader } from './embed-reader';
import { type CheckedIdentity, IdentityTokens } from './identity/identity-tokens';
import { KeyUses } from './keys/key-uses';
import { type Arrival, Visitors } from './visitors';

/** What a visitor says on arrival, with what the connection says about them. */
export interface ArrivalRequest {
  readonly resumeToken?: string;
  readonly pageUrl?: string;
  readonly locale?: string;
  readonly acceptedDisclosureVersion?: number;
  readonly requestId?: string;
  readonly ip?: string;
}

export interface Received {
  readonly embed: ActiveEmbed;
  readonly arrival: Arrival;
  readonly hasConsent: boolean;
}

/** Everything that is written when a visitor arrives, in the one transaction of their session. */
@Injectable()
export class Arrivals {
  constructor(
    private readonly embeds: EmbedReader,
    private readonly visitors: Visitors,
    private readonly identities: IdentityTokens,
    private readonly disclosures: Disclosures,
    private readonly keyUses: KeyUses,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @returns null when the embed asks for an identity and there is none, but a resume token was used twice: its chain has
   * ended, which must be committed before the request is refused with `visitor.identity-required`
   * @throws AppError `embed.not-found` when the embed was closed a moment ago, `visitor.identity-required`,
   * `visitor.identity-invalid` for a token that was used
   */
  async receive(
    tx: Tx,
    admission: Admission,
    request: ArrivalRequest,
    identity: CheckedIdentity | null,
  ): Promise<Received | null> {
    const embed = await this.embeds.readActive(tx, admission);
    if (!embed) throw new AppError('embed.not-found');
    const arrival = await this.arrive(tx, embed, request, identity);
    if (embed.identityRequired && !arrival.isVerified) {
      if (!arrival.reusedVisitorId) throw new AppError('visitor.identity-required');
      await this.record(tx, embed, arrival, request);
      return null;
    }
    const visitor = asVisitor(embed, arrival.visitorId, request);
    const hasConsent = await this.disclosures.record(tx, visitor, embed, request.acceptedDisclosureVersion);
    await this.record(tx, embed, arrival, request);
    await this.keyUses.note(tx, { ...admission, pageUrl: request.pageUrl });
    return { embed, arrival, hasConsent };
  }

  private async arrive(
    tx: Tx,
    embed: ActiveEmbed,
    request: ArrivalRequest,
    identity: CheckedIdentity | null,
  ): Promise<Arrival> {
    if (!identity) return this.visitors.arrive(tx, embed, request);
    await this.identities.spend(tx, embed, identity);
    return this.visitors.arriveVerified(tx, embed, identity, request);
  }

  private async record(tx: Tx, embed: ActiveEmbed, arrival: Arrival, request: ArrivalRequest): Promise<void> {
    const { embedId } = embed;
    const { visitorId, reusedVisitorId, isResumed, isVerified } = arrival;
    if (reusedVisitorId) {
      const reused = asVisitor(embed, reusedVisitorId, request);
      await this.audit.record(tx, reused, 'visitor-session.reuse-detected', { embedId });
    }
    const action = isResumed ? 'visitor-session.resumed' : 'visitor-session.started';
    await this.audit.record(tx, asVisitor(embed, visitorId, request), action, { embedId, isVerified });
  }
}

const asVisitor = (embed: ActiveEmbed, id: string, { requestId, ip }: ArrivalRequest): WorkspaceContext => ({
  workspaceId: embed.workspaceId,
  actor: { type: 'visitor', id },
  requestId,
  ip,
});
