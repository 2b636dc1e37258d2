import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { assertReadable, completeConfig, configIn } from './embed-config';
import { assertUnchanged } from './embed-etag';
import { Embed } from './embed.entity';
import { EmbedStore } from './embed-store';
import type { CreateEmbedDto, UpdateEmbedDto } from './embeds.dto';
import { EmbedsOptions } from './embeds-options';
import { EmbedKeys, type IssuedKey } from './keys/embed-keys.service';
import { readOriginRules } from './origin-rule';

export interface CreatedEmbed extends IssuedKey {
  readonly embed: Embed;
}

/** The embeds of a workspace, written by its admins. Every change is recorded and told to all nodes. */
@Injectable()
export class EmbedsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: EmbedStore,
    private readonly keys: EmbedKeys,
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `request.invalid` naming each origin that cannot be allowed, an end in the past, unreadable colours */
  async create(ctx: WorkspaceContext, input: CreateEmbedDto): Promise<CreatedEmbed> {
    const allowedOrigins = readOriginRules(input.allowedOrigins ?? [], this.options.allowsLoopbackHttp);
    const now = this.clock.now();
    const embed: Omit<Embed, 'keyLast4'> = {
      workspaceId: ctx.workspaceId,
      id: newId(),
      name: input.name,
      allowedOrigins,
      isEnabled: true,
      expiresAt: this.endOf(input, null),
      generation: 1,
      identityRequired: input.identityRequired ?? false,
      requiresConsent: input.requiresConsent ?? false,
      challenge: input.challenge ?? 'suspicious',
      disclosureVersion: 1,
      config: completeConfig(configIn(input)),
      createdAt: now,
      updatedAt: now,
    };
    assertReadable(embed.config);
    return this.db.run(ctx, async (tx) => {
      const { key, embedKey } = this.keys.make(embed);
      const created = await tx.getRepository(Embed).save({ ...embed, keyLast4: key.keyLast4 });
      await this.keys.add(tx, key);
      await this.audit.record(tx, ctx, 'embed.created', { embedId: embed.id, allowedOrigins });
      return { embed: created, ...this.keys.show(embedKey, embed.config) };
    });
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
    return this.db.run(ctx, (tx) => this.store.mustFind(tx, ctx, id));
  }

  /**
   * Changes what is given. Tokens of an origin that is no longer allowed die by the origin check of every request;
   * visitors on the other sites are not disturbed, so the generation stays.
   * @param ifMatch value of `If-Match`
   * @throws AppError as `create`; `embed.not-found`, `request.precondition-failed`
   */
  async update(ctx: WorkspaceContext, id: string, input: UpdateEmbedDto, ifMatch?: string): Promise<Embed> {
    const { allowsLoopbackHttp } = this.options;
    const allowedOrigins = input.allowedOrigins && readOriginRules(input.allowedOrigins, allowsLoopbackHttp);
    return this.store.change(ctx, id, async (tx, embed) => {
      assertUnchanged(embed, ifMatch);
      const config = { ...embed.config, ...configIn(input) };
      assertReadable(config);
      if (config.aiDisclosure !== embed.config.aiDisclosure) embed.disclosureVersion += 1;
      embed.expiresAt = this.endOf(input, embed.expiresAt);
      embed.name = input.name ?? embed.name;
      embed.allowedOrigins = allowedOrigins ?? embed.allowedOrigins;
      embed.identityRequired = input.identityRequired ?? embed.identityRequired;
      embed.requiresConsent = input.requiresConsent ?? embed.requiresConsent;
      embed.challenge = input.challenge ?? embed.challenge;
      embed.config = config;
      const changed = Object.keys(input).filter((key) => input[key as keyof UpdateEmbedDto] !== undefined); // own keys of the DTO
      await this.audit.record(tx, ctx, 'embed.updated', {
        embedId: id,
        changed,
        ...(allowedOrigins && { allowedOrigins }),
      });
    });
  }

  /** No new sessions, and the generation rises, so tokens issued before stay dead even after `enable`. */
  disable(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.store.change(ctx, id, async (tx, embed) => {
      if (!embed.isEnabled) return;
      embed.isEnabled = false;
      embed.generation += 1;
      await this.audit.record(tx, ctx, 'embed.disabled', { embedId: id });
    });
  }

  enable(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.store.change(ctx, id, async (tx, embed) => {
      if (embed.isEnabled) return;
      embed.isEnabled = true;
      await this.audit.record(tx, ctx, 'embed.enabled', { embedId: id });
    });
  }

  /** Removes the embed with its keys, its visitors and their conversations. */
  async delete(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await this.store.mustFind(tx, ctx, id);
      await tx.getRepository(Embed).delete({ workspaceId: ctx.workspaceId, id });
      await this.audit.record(tx, ctx, 'embed.deleted', { embedId: id });
    });
    await this.store.tell(ctx, id);
  }

  /** An end that is not named stays; a new one lies ahead. */
  private endOf({ expiresAt }: UpdateEmbedDto, current: Date | null): Date | null {
    if (expiresAt === undefined) return current;
    if (expiresAt === null) return null;
    const end = new Date(expiresAt);
    if (end > this.clock.now() || end.getTime() === current?.getTime()) return end;
    throw new AppError('request.invalid', { errors: [{ path: 'expiresAt', message: 'must lie in the future' }] });
  }
}
