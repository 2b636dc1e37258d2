import { type EmbedSession, MAX_MESSAGE_CHARS, type WidgetConfig } from '@app/chat-protocol';
import { WorkspaceDb } from '@app/database';
import { AppError, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ActiveEmbed } from './active-embed';
import { type ArrivalRequest, Arrivals, type Received } from './arrivals.service';
import { ChallengeGate } from './challenge/challenge-gate.service';
import type { Admission } from './embed-admission';
import { type CheckedIdentity, IdentityTokens } from './identity/identity-tokens';
import { VisitorTokens } from './visitor-tokens';

/** One request for a session that was admitted. */
export interface SessionRequest extends ArrivalRequest {
  readonly identityToken?: string;
  readonly altcha?: string;
}

/** Makes a session for a visitor on an allowed site. */
@Injectable()
export class EmbedSessionsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly identities: IdentityTokens,
    private readonly gate: ChallengeGate,
    private readonly arrivals: Arrivals,
    private readonly visitorTokens: VisitorTokens,
  ) {}

  /**
   * A resume token that is not good any more does not fail the request: the visitor starts afresh. An identity token that
   * is not good does: nobody is silently somebody else than their page believes.
   * @throws AppError `visitor.identity-invalid`, `visitor.identity-required`, `challenge.required`, `embed.not-found`
   */
  async open(admission: Admission, { identityToken, altcha, ...request }: SessionRequest): Promise<EmbedSession> {
    const identity = identityToken === undefined ? null : await this.identities.check(admission, identityToken);
    if (!identity) await this.gate.pass(admission, { ...request, altcha });
    const { embed, arrival, hasConsent } = await this.receive(admission, request, identity);
    const { visitorId, resumeToken, conversation, isVerified } = arrival;
    const { token, expiresAt } = this.visitorTokens.issue({ ...admission, visitorId, generation: embed.generation });
    return {
      visitorToken: token,
      expiresAt: expiresAt.toISOString(),
      resumeToken,
      conversation,
      isVerified,
      hasConsent,
      config: publicConfig(embed),
    };
  }

  private async receive(
    admission: Admission,
    request: ArrivalRequest,
    identity: CheckedIdentity | null,
  ): Promise<Received> {
    try {
      const received = await this.db.run(systemContext(admission.workspaceId), (tx) =>
        this.arrivals.receive(tx, admission, request, identity),
      );
      if (received) return received;
    } catch (error) {
      // Nothing was stored, so the token is still good for another try.
      if (identity) await this.identities.giveBack(admission, identity);
      throw error;
    }
    throw new AppError('visitor.identity-required');
  }
}

/** Named one by one: a field added to what is stored does not become public by itself. */
const publicConfig = ({ config, disclosureVersion, requiresConsent }: ActiveEmbed): WidgetConfig => ({
  title: config.title,
  greeting: config.greeting,
  starterQuestions: config.starterQuestions,
  aiDisclosure: config.aiDisclosure,
  disclosureVersion,
  requiresConsent,
  accentColor: config.accentColor,
  onAccentColor: config.onAccentColor,
  position: config.position,
  launcherLabel: config.launcherLabel,
  locale: config.locale,
  direction: config.direction,
  maxMessageChars: MAX_MESSAGE_CHARS,
});
