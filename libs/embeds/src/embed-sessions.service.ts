import { type AuditAction, AuditLog } from '@app/audit';
import { type EmbedSession, MAX_MESSAGE_CHARS } from '@app/chat-protocol';
import { sha256 } from '@app/crypto';
import { SystemDb, WorkspaceDb } from '@app/database';
import { AppError, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { type ActiveEmbed, EmbedReader } from './embed-reader';
import { matchesOrigin } from './origin-rule';
import { type Arrival, Visitors } from './visitors';
import { VisitorTokens } from './visitor-tokens';

/** One request for a session, with what the connection says about it. */
export interface SessionRequest {
  readonly embedKey: string;
  readonly resumeToken?: string;
  readonly locale?: string;
  /** The `Origin` header. */
  readonly origin: string | undefined;
  readonly requestId?: string;
  readonly ip?: string;
}

/** Turns an embed key on an allowed site into a visitor's session. */
@Injectable()
export class EmbedSessionsService {
  constructor(
    private readonly systemDb: SystemDb,
    private readonly db: WorkspaceDb,
    private readonly embeds: EmbedReader,
    private readonly visitors: Visitors,
    private readonly visitorTokens: VisitorTokens,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Nothing is written before key and origin are known to be good. A resume token that is not good any more does not
   * fail the request: the visitor starts afresh.
   * @throws AppError `embed.not-found` for an unknown, foreign or disabled key and for any wrong origin alike
   */
  async open(request: SessionRequest): Promise<EmbedSession> {
    const embed = await this.findEmbed(request.embedKey);
    if (!embed || !request.origin || !matchesOrigin(embed.allowedOrigins, request.origin)) {
      throw new AppError('embed.not-found');
    }
    const { workspaceId, embedId, generation } = embed;
    const { visitorId, resumeToken, conversation } = await this.store(embed, request);
    const { token, expiresAt } = this.visitorTokens.issue({
      workspaceId,
      embedId,
      visitorId,
      generation,
      origin: request.origin,
    });
    return {
      visitorToken: token,
      expiresAt: expiresAt.toISOString(),
      resumeToken,
      conversation,
      config: { ...publicTexts(embed), maxMessageChars: MAX_MESSAGE_CHARS },
    };
  }

  private async findEmbed(embedKey: string): Promise<ActiveEmbed | null> {
    const found = await this.systemDb.findEmbedByKeyHash(sha256(embedKey));
    return found && this.embeds.findActive(found.workspaceId, found.embedId);
  }

  private store(embed: ActiveEmbed, request: SessionRequest): Promise<Arrival> {
    return this.db.run(systemContext(embed.workspaceId), async (tx) => {
      const arrival = await this.visitors.arrive(tx, embed, request);
      const record = (visitorId: string, action: AuditAction): Promise<void> =>
        this.audit.record(tx, asVisitor(embed, visitorId, request), action, { embedId: embed.embedId });
      if (arrival.reusedVisitorId) await record(arrival.reusedVisitorId, 'visitor-session.reuse-detected');
      await record(arrival.visitorId, arrival.isResumed ? 'visitor-session.resumed' : 'visitor-session.started');
      return arrival;
    });
  }
}

/** Named one by one: a field added to the stored texts does not become public by itself. */
function publicTexts({ texts: { title, greeting, starterQuestions, aiDisclosure } }: ActiveEmbed) {
  return { title, greeting, starterQuestions, aiDisclosure };
}

const asVisitor = (embed: ActiveEmbed, id: string, { requestId, ip }: SessionRequest): WorkspaceContext => ({
  workspaceId: embed.workspaceId,
  actor: { type: 'visitor', id },
  requestId,
  ip,
});
