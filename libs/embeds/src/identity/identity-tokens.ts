import { KeyValueStore } from '@app/cache';
import { sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, systemContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { EmbedIdentitySecret } from './embed-identity-secret.entity';
import type { VerifiedIdentity } from './identity-claims';
import { SealedSecrets } from './sealed-secrets';
import { SKEW_SECONDS, verifyIdentityToken } from './verify-identity-token';

interface EmbedIds {
  readonly workspaceId: string;
  readonly embedId: string;
}

/** A good token that must still be spent. */
export interface CheckedIdentity extends VerifiedIdentity {
  readonly tokenHash: Buffer;
  /** From then on the token is refused for its age. */
  readonly expiresAt: Date;
}

/** Tokens in which a customer's server vouches for a visitor, each good once. */
@Injectable()
export class IdentityTokens {
  private readonly logger = new Logger(IdentityTokens.name);

  constructor(
    private readonly db: WorkspaceDb,
    private readonly store: KeyValueStore,
    private readonly sealed: SealedSecrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Outside any transaction: it asks the store.
   * @throws AppError `visitor.identity-invalid`, whose detail says what is wrong, for whoever writes the customer's server
   */
  async check(embed: EmbedIds, token: string): Promise<CheckedIdentity> {
    const nowSeconds = Math.floor(this.clock.now().getTime() / 1000);
    const secrets = await this.secretsOf(embed);
    const claims = verifyIdentityToken({ token, secrets, embedId: embed.embedId, nowSeconds });
    if (typeof claims === 'string') throw this.invalid(embed, claims);
    const { tokenId, externalId, name, email } = claims;
    const tokenHash = sha256(tokenId);
    const endsAt = claims.expiresAt + SKEW_SECONDS;
    await this.claim(embed, tokenHash, endsAt - nowSeconds + SKEW_SECONDS);
    return { externalId, name, email, tokenHash, expiresAt: new Date(endsAt * 1000) };
  }

  /**
   * With the session that it opens. The row is the proof: the store may be emptied, and two nodes may ask at once.
   * @throws AppError `visitor.identity-invalid` for a token that was used
   */
  async spend(tx: Tx, embed: EmbedIds, { tokenHash, expiresAt }: CheckedIdentity): Promise<void> {
    const { workspaceId, embedId } = embed;
    const sweep = 'delete from identity_token_uses where workspace_id = $1 and embed_id = $2 and expires_at < $3';
    // Kept a minute longer than the token is good.
    await tx.query(sweep, [workspaceId, embedId, new Date(this.clock.now().getTime() - 60_000)]);
    const spent: unknown[] = await tx.query(
      `insert into identity_token_uses (workspace_id, embed_id, token_hash, expires_at) values ($1, $2, $3, $4)
       on conflict do nothing returning token_hash`,
      [workspaceId, embedId, tokenHash, expiresAt],
    );
    if (spent.length === 0) throw this.invalid(embed, USED);
  }

  private secretsOf({ workspaceId, embedId }: EmbedIds): Promise<string[]> {
    return this.db.run(systemContext(workspaceId), async (tx) => {
      const rows = await tx.getRepository(EmbedIdentitySecret).findBy({ workspaceId, embedId });
      return rows.map((row) => this.sealed.open(row));
    });
  }

  /** For a session that came to nothing. Whether the token was used before is still the row's to say. Never rejects. */
  async giveBack(embed: EmbedIds, { tokenHash }: CheckedIdentity): Promise<void> {
    await this.store.delete(claimOf(embed, tokenHash)).catch(() => undefined);
  }

  /** Spares the database most replays. While the store is away, the database alone decides. */
  private async claim(embed: EmbedIds, tokenHash: Buffer, seconds: number): Promise<void> {
    const claimed = await this.store
      .increment(claimOf(embed, tokenHash), Math.max(1, seconds))
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Identity tokens are told apart by the database alone'),
      );
    if (claimed && claimed.count > 1) throw this.invalid(embed, USED);
  }

  private invalid(embed: EmbedIds, detail: string): AppError {
    this.logger.log({ ...embed, reason: detail }, 'An identity token was refused');
    return new AppError('visitor.identity-invalid', { detail });
  }
}

const USED = 'the token was used before';
const claimOf = ({ embedId }: EmbedIds, tokenHash: Buffer): string =>
  `identity-token:${embedId}:${tokenHash.toString('hex')}`;
