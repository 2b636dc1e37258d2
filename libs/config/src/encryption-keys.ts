import { createHash } from 'node:crypto';

import { decodeSecret, weaknessOf } from './secret-strength';

/** AES-256 takes this many bytes, no more and no fewer. */
const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

interface WrittenKey {
  /** null for a key given without a name. */
  readonly kid: string | null;
  readonly text: string;
}

const keysWritten = (text: string): WrittenKey[] =>
  text.split(',').map((part) => {
    const [first = '', ...rest] = part.trim().split(':');
    return rest.length === 0 ? { kid: null, text: first } : { kid: first, text: rest.join(':') };
  });

/** What is wrong with the text of ENCRYPTION_KEY: one key, or `id:key,id:key`. */
export function encryptionKeyFaults(text: string): string[] {
  const keys = keysWritten(text);
  const faults = new Set<string>();
  for (const key of keys) {
    const weakness = weaknessOf(key.text);
    if (weakness !== null) faults.add(weakness);
    else if (decodeSecret(key.text).length !== KEY_BYTES)
      faults.add(`must have exactly ${KEY_BYTES} bytes once decoded`);
    if (key.kid !== null && !KEY_ID.test(key.kid)) faults.add('holds a key id that is not 1 to 32 of A-Z a-z 0-9 _ -');
  }
  const named = readEncryptionKeys(text);
  if (new Set(named.map(({ kid }) => kid)).size < named.length) faults.add('holds the same key id twice');
  if (new Set(named.map(({ key }) => key.toString('hex'))).size < named.length) faults.add('holds the same key twice');
  return [...faults];
}

/** The keys in the order in which they are written. One without a name is named after its own hash. */
export const readEncryptionKeys = (text: string): { kid: string; key: Buffer }[] =>
  keysWritten(text).map(({ kid, text: written }) => {
    const key = decodeSecret(written);
    return { kid: kid ?? createHash('sha256').update(key).digest('hex').slice(0, 8), key };
  });
