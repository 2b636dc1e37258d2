import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { EmbedStore } from '../embed-store';
import { EmbedIdentitySecret } from './embed-identity-secret.entity';
import { SealedSecrets } from './sealed-secrets';

/** One that servers sign with, and one that they are being moved to. */
const MAX_SECRETS = 2;

export interface CreatedSecret {
  readonly row: EmbedIdentitySecret;
  /** Nobody sees it again. */
  readonly secret: string;
}

/** The secrets with which a customer's servers vouch for visitors of an embed. Tokens of any live one are good. */
@Injectable()
export class IdentitySecrets {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: EmbedStore,
    private readonly sealed: SealedSecrets,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `embed.not-found`, `identity-secret.too-many` */
  create(ctx: WorkspaceContext, embedId: string): Promise<CreatedSecret> {
    return this.add(ctx, embedId, (secrets) => {
      if (secrets.length >= MAX_SECRETS) throw new AppError('identity-secret.too-many');
      return [];
    });
  }

  /** A new secret beside the newest one; an older one is no good any more. @throws AppError `embed.not-found` */
  rotate(ctx: WorkspaceContext, embedId: string): Promise<CreatedSecret> {
    return this.add(ctx, embedId, (secrets) => secrets.slice(MAX_SECRETS - 1));
  }

  /** Newest first. @throws AppError `embed.not-found` */
  list(ctx: WorkspaceContext, embedId: string): Promise<EmbedIdentitySecret[]> {
    return this.db.run(ctx, async (tx) => {
      await this.store.mustFind(tx, ctx, embedId);
      return this.read(tx, ctx, embedId);
    });
  }

  /** Tokens signed with it are refused from now on. @throws AppError `embed.not-found`, `identity-secret.not-found` */
  async revoke(ctx: WorkspaceContext, embedId: string, secretId: string): Promise<void> {
    await this.store.change(ctx, embedId, async (tx) => {
      const where = { workspaceId: ctx.workspaceId, embedId, id: secretId };
      const { affected } = await tx.getRepository(EmbedIdentitySecret).delete(where);
      if (affected !== 1) throw new AppError('identity-secret.not-found');
      await this.audit.record(tx, ctx, 'identity-secret.revoked', { embedId, identitySecretId: secretId });
    });
  }

  /** @param surplus of those there are, newest first, what the new one takes the place of */
  private async add(
    ctx: WorkspaceContext,
    embedId: string,
    surplus: (secrets: EmbedIdentitySecret[]) => EmbedIdentitySecret[],
  ): Promise<CreatedSecret> {
    const ids = { workspaceId: ctx.workspaceId, id: newId() };
    const { secret, sealed, last4 } = this.sealed.make(ids);
    const row: EmbedIdentitySecret = { ...ids, embedId, secret: sealed, last4, createdAt: this.clock.now() };
    // The embed's row lock makes two admins take turns, so they count right.
    await this.store.change(ctx, embedId, async (tx) => {
      const replaced = surplus(await this.read(tx, ctx, embedId)).map(({ id }) => id);
      const repository = tx.getRepository(EmbedIdentitySecret);
      if (replaced.length > 0) await repository.delete({ workspaceId: ctx.workspaceId, embedId, id: In(replaced) });
      await repository.insert(row);
      await this.audit.record(tx, ctx, 'identity-secret.created', { embedId, identitySecretId: row.id, replaced });
    });
    return { row, secret };
  }

  private read(tx: Tx, { workspaceId }: WorkspaceContext, embedId: string): Promise<EmbedIdentitySecret[]> {
    return tx.getRepository(EmbedIdentitySecret).find({ where: { workspaceId, embedId }, order: { id: 'DESC' } });
  }
}
