import { AuditLog } from '@app/audit';
import { sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ActiveEmbed } from '../active-embed';
import { EmbedStore } from '../embed-store';

type Kind = 'shown' | 'accepted';

/** That a visitor was shown, or accepted, one version of an embed's disclosure. */
export interface DisclosureEntry {
  readonly id: string;
  readonly visitorId: string;
  readonly kind: Kind;
  readonly version: number;
  /** SHA-256 of the text, hexadecimal. */
  readonly textHash: string;
  readonly createdAt: Date;
}

/** The log of what visitors were told about the assistant. It is added to and never changed; each fact is in it once. */
@Injectable()
export class Disclosures {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: EmbedStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The current text goes to the visitor, who may have accepted it.
   * @param acceptedVersion of the text the visitor saw; of an older one counts for nothing
   * @returns whether the visitor has accepted the current text, now or before
   */
  async record(tx: Tx, ctx: WorkspaceContext, embed: ActiveEmbed, acceptedVersion?: number): Promise<boolean> {
    if (ctx.actor.type !== 'visitor') throw new Error('only visitors are told');
    const visitorId = ctx.actor.id;
    await this.add(tx, embed, visitorId, 'shown');
    if (acceptedVersion === embed.disclosureVersion && (await this.add(tx, embed, visitorId, 'accepted'))) {
      const { embedId, disclosureVersion: version } = embed;
      await this.audit.record(tx, ctx, 'disclosure.accepted', { embedId, version });
      return true;
    }
    return this.isAccepted(tx, embed, visitorId);
  }

  /**
   * Whether the visitor may write: the embed asks for no consent, or the visitor has accepted its current text. Ask before
   * a message is stored; without it, refuse with `visitor.consent-required`.
   */
  async hasConsent(ctx: WorkspaceContext, visitorId: string, embed: ActiveEmbed): Promise<boolean> {
    if (!embed.requiresConsent) return true;
    return this.db.run(ctx, (tx) => this.isAccepted(tx, embed, visitorId));
  }

  /**
   * Newest first.
   * @throws AppError `embed.not-found`, `request.invalid` for a cursor this list did not issue
   */
  list(
    ctx: WorkspaceContext,
    embedId: string,
    { limit, cursor, visitorId }: { limit: number; cursor?: string; visitorId?: string },
  ): Promise<Page<DisclosureEntry>> {
    const before = cursor === undefined ? null : decodeCursor(cursor);
    return this.db.run(ctx, async (tx) => {
      await this.store.mustFind(tx, ctx, embedId);
      const rows: DisclosureEntry[] = await tx.query(
        `select id, visitor_id as "visitorId", kind, version, encode(text_hash, 'hex') as "textHash",
           created_at as "createdAt"
         from disclosure_log where workspace_id = $1 and embed_id = $2
           and ($3::uuid is null or visitor_id = $3) and ($4::uuid is null or id < $4)
         order by id desc limit $5`,
        [ctx.workspaceId, embedId, visitorId ?? null, before, limit + 1],
      );
      return toPage(rows, limit);
    });
  }

  /** Whether it was not in the log yet. */
  private async add(tx: Tx, embed: ActiveEmbed, visitorId: string, kind: Kind): Promise<boolean> {
    const { workspaceId, embedId, disclosureVersion, config } = embed;
    const added: unknown[] = await tx.query(
      `insert into disclosure_log (workspace_id, id, embed_id, visitor_id, kind, version, text_hash, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
      [
        workspaceId,
        newId(),
        embedId,
        visitorId,
        kind,
        disclosureVersion,
        sha256(config.aiDisclosure),
        this.clock.now(),
      ],
    );
    return added.length === 1;
  }

  private async isAccepted(tx: Tx, embed: ActiveEmbed, visitorId: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `select 1 from disclosure_log where workspace_id = $1 and visitor_id = $2 and version = $3 and kind = 'accepted'`,
      [embed.workspaceId, visitorId, embed.disclosureVersion],
    );
    return rows.length > 0;
  }
}
