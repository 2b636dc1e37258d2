import { randomBytes } from 'node:crypto';

import { FieldCipher, KeyRing } from '../index';

/** A cipher with one key of its own. */
export const fieldCipherForTests = (): FieldCipher =>
  new FieldCipher(new KeyRing([{ kid: 'test', key: randomBytes(32) }]));
