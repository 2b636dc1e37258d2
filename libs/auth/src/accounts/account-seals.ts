import { BlindIndex, FieldCipher } from '@app/crypto';
import { Injectable } from '@nestjs/common';

/** A person as others may see them. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** The form in which e-mail addresses are stored and compared. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

const placeOf = (id: string, column: 'email' | 'name') => ({ table: 'users', column, rowId: id, workspaceId: null });

/** Names and e-mail addresses are stored sealed; an address is found by its blind index. */
@Injectable()
export class AccountSeals {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly index: BlindIndex,
  ) {}

  /** What finds the account of an e-mail address, however it was typed. */
  indexOf(email: string): Buffer {
    return this.index.of({ table: 'users', column: 'email', workspaceId: null }, normaliseEmail(email));
  }

  /** The columns of an account as they are stored. */
  seal({ id, email, name }: Account): { id: string; email: string; emailIndex: Buffer; name: string } {
    const normal = normaliseEmail(email);
    return {
      id,
      email: this.cipher.seal(placeOf(id, 'email'), normal),
      emailIndex: this.indexOf(normal),
      name: this.cipher.seal(placeOf(id, 'name'), name),
    };
  }

  /** @throws AppError `data.unreadable` for columns of another row */
  open({ id, email, name }: Account): Account {
    return {
      id,
      email: this.cipher.open(placeOf(id, 'email'), email),
      name: this.cipher.open(placeOf(id, 'name'), name),
    };
  }
}
