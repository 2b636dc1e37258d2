import type { Tx } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { VerifiedIdentity } from './identity/identity-claims';
import { VerifiedVisitors } from './identity/verified-visitors';
import { ResumeTokens } from './resume-tokens';

/** Where a visitor's conversation stands, for a widget that comes back. */
export interface ConversationPosition {
  readonly id: string;
  readonly lastSeq: number;
}

export interface Arrival {
  readonly visitorId: string;
  /** Whether the visitor was known: by a good resume token, or by name. */
  readonly isResumed: boolean;
  /** Whether the customer's server has vouched for the visitor, now or when the resumed session began. */
  readonly isVerified: boolean;
  /** Set when the resume token had been used before: whose it was. */
  readonly reusedVisitorId?: string;
  /** For the next visit. */
  readonly resumeToken: string;
  readonly conversation: ConversationPosition | null;
}

interface EmbedIds {
  readonly workspaceId: string;
  readonly embedId: string;
}

interface Hello {
  readonly resumeToken?: string;
  readonly locale?: string;
}

/** The people behind the embeds: known by an id the server gave them, and by name where the customer's server named them. */
@Injectable()
export class Visitors {
  constructor(
    private readonly resumeTokens: ResumeTokens,
    private readonly verified: VerifiedVisitors,
  ) {}

  /** The visitor of a good resume token, else a new one. */
  async arrive(tx: Tx, embed: EmbedIds, hello: Hello): Promise<Arrival> {
    const used = hello.resumeToken === undefined ? null : await this.resumeTokens.use(tx, embed, hello.resumeToken);
    const { workspaceId } = embed;
    if (used?.kind === 'resumed') {
      const { visitorId, expiresAt } = used;
      const isVerified = await this.seeAgain(tx, workspaceId, visitorId);
      const resumeToken = await this.resumeTokens.issue(tx, workspaceId, visitorId, expiresAt);
      const conversation = await this.findConversation(tx, workspaceId, visitorId);
      return { visitorId, isResumed: true, isVerified, resumeToken, conversation };
    }
    const visitorId = await this.add(tx, embed, hello.locale);
    const resumeToken = await this.resumeTokens.issue(tx, workspaceId, visitorId);
    const reused = used?.kind === 'reused' && { reusedVisitorId: used.visitorId };
    return { visitorId, isResumed: false, isVerified: false, ...reused, resumeToken, conversation: null };
  }

  /** The visitor whom an identity token names. A resume token does not matter then: it may be somebody else's. */
  async arriveVerified(tx: Tx, embed: EmbedIds, identity: VerifiedIdentity, hello: Hello): Promise<Arrival> {
    const { workspaceId } = embed;
    const { visitorId, isNew } = await this.verified.recognise(tx, embed, identity, hello.locale);
    const resumeToken = await this.resumeTokens.issueVerified(tx, workspaceId, visitorId);
    const conversation = await this.findConversation(tx, workspaceId, visitorId);
    return { visitorId, isResumed: !isNew, isVerified: true, resumeToken, conversation };
  }

  /** Says whether it is a verified visitor. */
  private async seeAgain(tx: Tx, workspaceId: string, visitorId: string): Promise<boolean> {
    const [rows]: [{ verified: boolean }[], number] = await tx.query(
      `update visitors set last_seen_at = now() where workspace_id = $1 and id = $2
       returning identity_index is not null as verified`,
      [workspaceId, visitorId],
    );
    return rows[0]?.verified === true;
  }

  private async add(tx: Tx, embed: EmbedIds, locale?: string): Promise<string> {
    const id = newId();
    await tx.query('insert into visitors (workspace_id, id, embed_id, locale) values ($1, $2, $3, $4)', [
      embed.workspaceId,
      id,
      embed.embedId,
      locale ?? null,
    ]);
    return id;
  }

  /** The open conversation. Read from chat's table by SQL, because embeds stand below chat and may not import it. */
  private async findConversation(tx: Tx, workspaceId: string, visitorId: string): Promise<ConversationPosition | null> {
    const rows: { id: string; last_seq: number }[] = await tx.query(
      `select id, last_seq from conversations
       where workspace_id = $1 and visitor_id = $2 and status = 'open' order by id desc limit 1`,
      [workspaceId, visitorId],
    );
    const row = rows[0];
    return row ? { id: row.id, lastSeq: row.last_seq } : null;
  }
}
