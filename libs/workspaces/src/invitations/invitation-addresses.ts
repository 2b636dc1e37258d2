import { normaliseEmail } from '@app/auth';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { Injectable } from '@nestjs/common';

import type { Invitation } from './invitation';

type Row = Pick<Invitation, 'workspaceId' | 'id'>;

const placeOf = ({ workspaceId, id }: Row) => ({ table: 'invitations', column: 'email', rowId: id, workspaceId });

/** The invited addresses as they are stored: sealed, and with an index to find the same one in the same workspace. */
@Injectable()
export class InvitationAddresses {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly index: BlindIndex,
  ) {}

  seal(row: Row, email: string): Pick<Invitation, 'email' | 'emailIndex'> {
    return {
      email: this.cipher.seal(placeOf(row), normaliseEmail(email)),
      emailIndex: this.indexOf(row.workspaceId, email),
    };
  }

  open(invitation: Row & Pick<Invitation, 'email'>): string {
    return this.cipher.open(placeOf(invitation), invitation.email);
  }

  /** Whether the invitation is for this address. */
  isFor({ workspaceId, emailIndex }: Invitation, email: string): boolean {
    return emailIndex.equals(this.indexOf(workspaceId, email));
  }

  private indexOf(workspaceId: string, email: string): Buffer {
    return this.index.of({ table: 'invitations', column: 'email', workspaceId }, normaliseEmail(email));
  }
}
