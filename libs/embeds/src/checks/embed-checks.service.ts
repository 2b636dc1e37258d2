import { sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Embed } from '../embed.entity';
import { EmbedStore } from '../embed-store';
import { EmbedsOptions } from '../embeds-options';
import { EmbedKey } from '../keys/embed-key.entity';
import { EMBED_KEY_PREFIX } from '../keys/embed-keys.service';
import { explainOrigin, type OriginVerdict, type Reason } from './explain-origin';
import { type Finding, judgePage } from './judge-script';
import { readPage } from './read-page';

export interface OriginCheck extends OriginVerdict {
  readonly isAllowed: boolean;
}

const EMBED_KEY = new RegExp(`^${EMBED_KEY_PREFIX}[\\w-]{43}$`);

/** Tells an owner what a stranger only sees as 404. Reads what is stored and what is sent, and fetches nothing. */
@Injectable()
export class EmbedChecks {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly store: EmbedStore,
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `embed.not-found` */
  testOrigin(ctx: WorkspaceContext, embedId: string, origin: string): Promise<OriginCheck> {
    return this.db.run(ctx, async (tx) => {
      const embed = await this.store.mustFind(tx, ctx, embedId);
      const { matchedRule, reasons } = explainOrigin(embed.allowedOrigins, origin);
      const closed = this.whyClosed(embed);
      return { isAllowed: matchedRule !== null && closed.length === 0, matchedRule, reasons: [...closed, ...reasons] };
    });
  }

  /** @throws AppError `embed.not-found` */
  async testSnippet(ctx: WorkspaceContext, embedId: string, html: string): Promise<Finding[]> {
    const page = await readPage(html);
    const key = page.scripts[0]?.attributes['data-embed-key'];
    return this.db.run(ctx, async (tx) => {
      const embed = await this.store.mustFind(tx, ctx, embedId);
      const closed = this.whyClosed(embed).map((reason): Finding => ({ ...reason, severity: 'error' }));
      const keyFindings = page.scripts.length === 0 ? [] : await this.judgeKey(tx, embed, key);
      return [...judgePage(page, this.options.publicUrl()), ...keyFindings, ...closed];
    });
  }

  private whyClosed({ isEnabled, expiresAt }: Embed): Reason[] {
    const reasons: Reason[] = [];
    if (!isEnabled) reasons.push({ code: 'disabled', message: 'The embed is disabled.' });
    if (expiresAt !== null && expiresAt <= this.clock.now()) {
      reasons.push({ code: 'expired', message: `The embed ended on ${expiresAt.toISOString()}.` });
    }
    return reasons;
  }

  /** A key of another workspace is as unknown here as one that was never issued. */
  private async judgeKey(tx: Tx, { workspaceId, id }: Embed, key: string | undefined): Promise<Finding[]> {
    if (!key) return [{ code: 'key-missing', severity: 'error', message: 'The script tag has no data-embed-key.' }];
    if (!EMBED_KEY.test(key)) {
      const message = `The key is not whole: it is ${EMBED_KEY_PREFIX} and 43 characters.`;
      return [{ code: 'key-malformed', severity: 'error', message }];
    }
    const found = await tx.getRepository(EmbedKey).findOneBy({ workspaceId, keyHash: sha256(key) });
    if (!found)
      return [{ code: 'key-unknown', severity: 'error', message: 'This key is not known in this workspace.' }];
    if (found.embedId !== id) {
      const other = await tx.getRepository(Embed).findOneBy({ workspaceId, id: found.embedId });
      const message = `This is a key of another embed: ${other?.name ?? found.embedId}.`;
      return [{ code: 'key-of-another-embed', severity: 'error', message }];
    }
    return this.judgeEnd(found);
  }

  private judgeEnd({ expiresAt }: EmbedKey): Finding[] {
    if (expiresAt === null) return [];
    const end = expiresAt.toISOString();
    return expiresAt <= this.clock.now()
      ? [{ code: 'key-ended', severity: 'error', message: `This key was replaced and ended on ${end}.` }]
      : [{ code: 'key-replaced', severity: 'warning', message: `This key was replaced and works until ${end}.` }];
  }
}
