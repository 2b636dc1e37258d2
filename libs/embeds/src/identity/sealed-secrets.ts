import { FieldCipher, type FieldPlace, randomToken } from '@app/crypto';
import { Injectable } from '@nestjs/common';
import type { EmbedIdentitySecret } from './embed-identity-secret.entity';

/** Lets scanners find one that was published by mistake. */
const SECRET_PREFIX = 'cc_ids_';

type Row = Pick<EmbedIdentitySecret, 'id' | 'workspaceId'>;

/** Makes identity secrets, and opens and closes them. */
@Injectable()
export class SealedSecrets {
  constructor(private readonly cipher: FieldCipher) {}

  make(row: Row): { secret: string; sealed: string; last4: string } {
    const secret = randomToken(SECRET_PREFIX);
    return { secret, sealed: this.cipher.seal(placeOf(row), secret), last4: secret.slice(-4) };
  }

  open(row: Row & Pick<EmbedIdentitySecret, 'secret'>): string {
    return this.cipher.open(placeOf(row), row.secret);
  }
}

const placeOf = ({ id, workspaceId }: Row): FieldPlace => ({
  table: 'embed_identity_secrets',
  column: 'secret',
  rowId: id,
  workspaceId,
});
