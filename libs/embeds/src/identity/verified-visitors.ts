import { BlindIndex, FieldCipher, type FieldPlace } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { VerifiedIdentity } from './identity-claims';

interface EmbedIds {
  readonly workspaceId: string;
  readonly embedId: string;
}

/** The visitor of an embed whom an identity token named. */
interface Recognised {
  readonly visitorId: string;
  readonly isNew: boolean;
}

/**
 * Visitors whom a customer's server vouched for: sealed, and found again by a keyed hash of the customer's own id for
 * them. Nobody else becomes one of them: a visitor who was anonymous stays another visitor, since a conversation that
 * was begun on a shared computer may be somebody else's.
 */
@Injectable()
export class VerifiedVisitors {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly clock: Clock,
  ) {}

  /** The visitor of this identity, who may be new; what the token says of them is what is kept. */
  async recognise(tx: Tx, embed: EmbedIds, identity: VerifiedIdentity, locale?: string): Promise<Recognised> {
    const { workspaceId, embedId } = embed;
    const index = this.blindIndex.of({ table: 'visitors', column: 'identity', workspaceId }, identity.externalId);
    const visitorId = newId();
    const added: unknown[] = await tx.query(
      `insert into visitors (workspace_id, id, embed_id, locale, identity_index) values ($1, $2, $3, $4, $5)
       on conflict (workspace_id, embed_id, identity_index) do nothing returning id`,
      [workspaceId, visitorId, embedId, locale ?? null, index],
    );
    const isNew = added.length === 1;
    const id = isNew ? visitorId : await this.find(tx, embed, index);
    await tx.query(
      `update visitors set identity = $3, verified_at = $4, last_seen_at = now() where workspace_id = $1 and id = $2`,
      [
        workspaceId,
        id,
        this.cipher.seal(placeOf(workspaceId, id), JSON.stringify(identityOf(identity))),
        this.clock.now(),
      ],
    );
    return { visitorId: id, isNew };
  }

  /** For those who talk to the visitor; null for one nobody vouched for, and for an unknown one. */
  async identityOf(ctx: WorkspaceContext, visitorId: string): Promise<VerifiedIdentity | null> {
    const { workspaceId } = ctx;
    const sql = 'select identity from visitors where workspace_id = $1 and id = $2';
    const rows: { identity: string | null }[] = await this.db.run(ctx, (tx) => tx.query(sql, [workspaceId, visitorId]));
    const plain = this.cipher.openNullable(placeOf(workspaceId, visitorId), rows[0]?.identity ?? null);
    return plain === null ? null : (JSON.parse(plain) as VerifiedIdentity); // only `recognise` writes it
  }

  private async find(tx: Tx, { workspaceId, embedId }: EmbedIds, index: Buffer): Promise<string> {
    const rows: { id: string }[] = await tx.query(
      'select id from visitors where workspace_id = $1 and embed_id = $2 and identity_index = $3',
      [workspaceId, embedId, index],
    );
    if (!rows[0]) throw new Error('a visitor that was in the way of another is not there');
    return rows[0].id;
  }
}

const identityOf = ({ externalId, name, email }: VerifiedIdentity): VerifiedIdentity => ({ externalId, name, email });

const placeOf = (workspaceId: string, rowId: string): FieldPlace => ({
  table: 'visitors',
  column: 'identity',
  rowId,
  workspaceId,
});
