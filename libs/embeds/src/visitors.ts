import type { Tx } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ResumeTokens } from './resume-tokens';

/** Where a visitor's conversation stands, for a widget that comes back. */
export interface ConversationPosition {
  readonly id: string;
  readonly lastSeq: number;
}

export interface Arrival {
  readonly visitorId: string;
  /** Whether the resume token was good. */
  readonly isResumed: boolean;
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

/** The people behind the embeds: known by an id the server gave them, and nothing else. */
@Injectable()
export class Visitors {
  constructor(private readonly resumeTokens: ResumeTokens) {}

  /** The visitor of a good resume token, else a new one. */
  async arrive(tx: Tx, embed: EmbedIds, hello: { resumeToken?: string; locale?: string }): Promise<Arrival> {
    const used = hello.resumeToken === undefined ? null : await this.resumeTokens.use(tx, embed, hello.resumeToken);
    const { workspaceId } = embed;
    if (used?.kind === 'resumed') {
      const { visitorId, expiresAt } = used;
      await tx.query('update visitors set last_seen_at = now() where workspace_id = $1 and id = $2', [
        workspaceId,
        visitorId,
      ]);
      const resumeToken = await this.resumeTokens.issue(tx, workspaceId, visitorId, expiresAt);
      const conversation = await this.findConversation(tx, workspaceId, visitorId);
      return { visitorId, isResumed: true, resumeToken, conversation };
    }
    const visitorId = await this.add(tx, embed, hello.locale);
    const resumeToken = await this.resumeTokens.issue(tx, workspaceId, visitorId);
    const reused = used?.kind === 'reused' && { reusedVisitorId: used.visitorId };
    return { visitorId, isResumed: false, ...reused, resumeToken, conversation: null };
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
