import { randomToken, sha256 } from '@app/crypto';
import type { Tx } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { EmbedsOptions } from './embeds-options';

/** What came of presenting a resume token. */
export type ResumeOutcome =
  | { readonly kind: 'resumed'; readonly visitorId: string; readonly expiresAt: Date }
  | { readonly kind: 'unknown' }
  /** Used before and not just now: someone has a copy. The visitor's tokens are gone. */
  | { readonly kind: 'reused'; readonly visitorId: string };

interface ResumeRow {
  visitor_id: string;
  expires_at: Date;
  used_at: Date | null;
}

/**
 * A lost response or two tabs that load together present the same token twice within moments: both get a successor.
 * Later than this it is a replay (RFC 9700 §4.14.2 asks for detection; the width is Supabase Auth's order of magnitude).
 */
const GRACE_SECONDS = 30;
/** A verified visitor's chain ends this long after the identity token: the next person at the machine may be another. */
const VERIFIED_SECONDS = 12 * 3600;
/** Used tokens are kept this long so that a replay is recognised; after that they are simply unknown. */
const KEEP_USED_SECONDS = 24 * 3600;
const TOKEN_PREFIX = 'cc_res_';
const MAX_TOKEN_CHARS = 100;

/**
 * Opaque, one-use tokens that let a page load continue a visitor's conversation. Only hashes are stored. Each use
 * rotates the token; the chain ends `resumeTtlSeconds` after the visitor's first session, a verified visitor's earlier.
 */
@Injectable()
export class ResumeTokens {
  constructor(
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {}

  /** A first token (full life) or a successor (`expiresAt` of the one it replaces). Returned once, never readable again. */
  async issue(tx: Tx, workspaceId: string, visitorId: string, expiresAt?: Date): Promise<string> {
    const token = randomToken(TOKEN_PREFIX);
    const now = this.clock.now();
    const end = expiresAt ?? new Date(now.getTime() + this.options.resumeTtlSeconds * 1000);
    await tx.query(
      `insert into resume_tokens (workspace_id, token_hash, visitor_id, created_at, expires_at)
       values ($1, $2, $3, $4, $5)`,
      [workspaceId, sha256(token), visitorId, now, end],
    );
    return token;
  }

  /** A first token for a visitor whom an identity token has just named. */
  issueVerified(tx: Tx, workspaceId: string, visitorId: string): Promise<string> {
    const seconds = Math.min(VERIFIED_SECONDS, this.options.resumeTtlSeconds);
    return this.issue(tx, workspaceId, visitorId, new Date(this.clock.now().getTime() + seconds * 1000));
  }

  /** Marks the token used. The visitor must belong to this embed: a token of another embed is unknown here. */
  async use(tx: Tx, embed: { workspaceId: string; embedId: string }, token: string): Promise<ResumeOutcome> {
    if (token.length > MAX_TOKEN_CHARS) return { kind: 'unknown' };
    const row = await this.find(tx, embed, sha256(token));
    const now = this.clock.now();
    if (!row || row.expires_at <= now) return { kind: 'unknown' };
    if (isReplay(row, now)) {
      await tx.query('delete from resume_tokens where workspace_id = $1 and visitor_id = $2', [
        embed.workspaceId,
        row.visitor_id,
      ]);
      return { kind: 'reused', visitorId: row.visitor_id };
    }
    await this.spend(tx, embed.workspaceId, token, row.visitor_id);
    return { kind: 'resumed', visitorId: row.visitor_id, expiresAt: row.expires_at };
  }

  /** Whether `use` would go on with the token now; it is not used by this. */
  async isGood(tx: Tx, embed: { workspaceId: string; embedId: string }, token: string): Promise<boolean> {
    if (!token.startsWith(TOKEN_PREFIX) || token.length > MAX_TOKEN_CHARS) return false;
    const row = await this.find(tx, embed, sha256(token));
    const now = this.clock.now();
    return row !== undefined && row.expires_at > now && !isReplay(row, now);
  }

  private async find(
    tx: Tx,
    embed: { workspaceId: string; embedId: string },
    hash: Buffer,
  ): Promise<ResumeRow | undefined> {
    // The row lock makes two uses at the same moment take turns, so exactly one of them is the first.
    const rows: ResumeRow[] = await tx.query(
      `select t.visitor_id, t.expires_at, t.used_at from resume_tokens t
         join visitors v on v.workspace_id = t.workspace_id and v.id = t.visitor_id
       where t.workspace_id = $1 and t.token_hash = $2 and v.embed_id = $3 for update of t`,
      [embed.workspaceId, hash, embed.embedId],
    );
    return rows[0];
  }

  private async spend(tx: Tx, workspaceId: string, token: string, visitorId: string): Promise<void> {
    const now = this.clock.now();
    await tx.query(
      'update resume_tokens set used_at = coalesce(used_at, $3) where workspace_id = $1 and token_hash = $2',
      [workspaceId, sha256(token), now],
    );
    await tx.query(
      'delete from resume_tokens where workspace_id = $1 and visitor_id = $2 and (expires_at <= $3 or used_at < $4)',
      [workspaceId, visitorId, now, new Date(now.getTime() - KEEP_USED_SECONDS * 1000)],
    );
  }
}

const isReplay = ({ used_at: usedAt }: ResumeRow, now: Date): boolean =>
  usedAt !== null && now.getTime() - usedAt.getTime() > GRACE_SECONDS * 1000;
