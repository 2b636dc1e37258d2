import { AuditLog } from '@app/audit';
import { randomToken, sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { EmbedChanges } from './embed-changes';
import { Embed, type EmbedTexts } from './embed.entity';
import type { CreateEmbedDto, UpdateEmbedDto } from './embeds.dto';
import { EmbedsOptions } from './embeds-options';
import { findOriginRuleFault } from './origin-rule';

const KEY_PREFIX = 'cc_pub_';

const DEFAULT_TEXTS: EmbedTexts = {
  title: 'Ask us',
  greeting: 'Hello! What would you like to know?',
  starterQuestions: [],
  aiDisclosure: 'You are talking to an automated assistant. Its answers come from our documents and can be wrong.',
};

export interface CreatedEmbed {
  readonly embed: Embed;
  readonly embedKey: string;
  readonly snippet: string;
}

/** The embeds of a workspace, written by its admins. Every change is recorded and told to all nodes. */
@Injectable()
export class EmbedsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly changes: EmbedChanges,
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `request.invalid` naming each origin that is not in canonical form. */
  async create(ctx: WorkspaceContext, input: CreateEmbedDto): Promise<CreatedEmbed> {
    const allowedOrigins = this.checkedOrigins(input.allowedOrigins ?? []);
    const embedKey = randomToken(KEY_PREFIX);
    const now = this.clock.now();
    const embed = await this.db.run(ctx, async (tx) => {
      const created = await tx.getRepository(Embed).save({
        workspaceId: ctx.workspaceId,
        id: newId(),
        name: input.name,
        keyHash: sha256(embedKey),
        keyLast4: embedKey.slice(-4),
        allowedOrigins,
        isEnabled: true,
        generation: 1,
        config: { ...DEFAULT_TEXTS, ...textsOf(input) },
        createdAt: now,
        updatedAt: now,
      });
      await this.audit.record(tx, ctx, 'embed.created', { embedId: created.id, allowedOrigins });
      return created;
    });
    return { embed, embedKey, snippet: this.snippet(embedKey) };
  }

  /** Newest first. */
  list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<Embed>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return this.db.run(ctx, async (tx) => {
      const rows = await tx.getRepository(Embed).find({
        where: { workspaceId: ctx.workspaceId, ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      return toPage(rows, query.limit);
    });
  }

  /** @throws AppError `embed.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.db.run(ctx, (tx) => this.mustFind(tx, ctx, id));
  }

  /**
   * Changes what is given. Tokens of an origin that is no longer allowed die by the origin check of every request;
   * visitors on the other sites are not disturbed, so the generation stays.
   */
  async update(ctx: WorkspaceContext, id: string, input: UpdateEmbedDto): Promise<Embed> {
    const allowedOrigins = input.allowedOrigins && this.checkedOrigins(input.allowedOrigins);
    return this.change(ctx, id, async (tx, embed) => {
      embed.name = input.name ?? embed.name;
      embed.allowedOrigins = allowedOrigins ?? embed.allowedOrigins;
      embed.config = { ...embed.config, ...textsOf(input) };
      const changed = Object.keys(input).filter((key) => input[key as keyof UpdateEmbedDto] !== undefined); // own keys of the DTO
      await this.audit.record(tx, ctx, 'embed.updated', {
        embedId: id,
        changed,
        ...(allowedOrigins && { allowedOrigins }),
      });
    });
  }

  /** The kill switch: the generation rises, so tokens issued before stay dead even after `enable`. */
  disable(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.change(ctx, id, async (tx, embed) => {
      if (!embed.isEnabled) return;
      embed.isEnabled = false;
      embed.generation += 1;
      await this.audit.record(tx, ctx, 'embed.disabled', { embedId: id });
    });
  }

  enable(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.change(ctx, id, async (tx, embed) => {
      if (embed.isEnabled) return;
      embed.isEnabled = true;
      await this.audit.record(tx, ctx, 'embed.enabled', { embedId: id });
    });
  }

  /** Removes the embed with its visitors and their conversations. */
  async delete(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await this.mustFind(tx, ctx, id);
      await tx.getRepository(Embed).delete({ workspaceId: ctx.workspaceId, id });
      await this.audit.record(tx, ctx, 'embed.deleted', { embedId: id });
    });
    await this.changes.publish({ workspaceId: ctx.workspaceId, embedId: id });
  }

  private async change(
    ctx: WorkspaceContext,
    id: string,
    work: (tx: Tx, embed: Embed) => Promise<void>,
  ): Promise<Embed> {
    const changed = await this.db.run(ctx, async (tx) => {
      const embed = await this.mustFind(tx, ctx, id, { isLocked: true });
      await work(tx, embed);
      embed.updatedAt = this.clock.now();
      return tx.getRepository(Embed).save(embed);
    });
    await this.changes.publish({ workspaceId: ctx.workspaceId, embedId: id });
    return changed;
  }

  private async mustFind(tx: Tx, ctx: WorkspaceContext, id: string, { isLocked = false } = {}): Promise<Embed> {
    const embed = await tx.getRepository(Embed).findOne({
      where: { workspaceId: ctx.workspaceId, id },
      ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
    });
    if (!embed) throw new AppError('embed.not-found');
    return embed;
  }

  private checkedOrigins(origins: string[]): string[] {
    const errors = origins.flatMap((origin, index) => {
      const fault = findOriginRuleFault(origin, this.options.allowsLoopbackHttp);
      return fault ? [{ path: `allowedOrigins.${index}`, message: fault.message }] : [];
    });
    if (errors.length > 0) throw new AppError('request.invalid', { errors });
    return [...new Set(origins)];
  }

  private snippet(embedKey: string): string {
    return `<script async src="${this.options.publicUrl()}/widget/v1/customercare.js" data-embed-key="${embedKey}"></script>`;
  }
}

/** The texts a request names; the others are left out, so that spreading keeps what was there. */
function textsOf({ title, greeting, starterQuestions, aiDisclosure }: UpdateEmbedDto): Partial<EmbedTexts> {
  return {
    ...(title !== undefined && { title }),
    ...(greeting !== undefined && { greeting }),
    ...(starterQuestions !== undefined && { starterQuestions }),
    ...(aiDisclosure !== undefined && { aiDisclosure }),
  };
}
