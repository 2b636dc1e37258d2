import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
/** First byte of everything sealed, so that a later format can be told apart. */
const VERSION = 1;
/** NIST SP 800-38D, 5.2.1.1: 96-bit nonces, random, good for 2^32 messages under one key. */
const NONCE_BYTES = 12;
/** Full length. Node accepts tags of 4 bytes when the length is not pinned, which makes forging a matter of minutes. */
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Authenticated encryption of small values (AES-256-GCM). A sealed value is `version(1) nonce(12) tag(16) ciphertext`.
 *
 * `aad` names the place the value belongs to (for example `users.email:<user id>`); it is not stored, and a value
 * moved to another place no longer opens.
 */
export class SecretBox {
  private readonly key: KeyObject;

  /** @throws Error unless `key` has exactly 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== 32) throw new Error('A SecretBox needs a key of exactly 32 bytes');
    this.key = createSecretKey(key);
  }

  /** The same text sealed twice gives different bytes. */
  seal(plain: Buffer, aad: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(aad));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when a bit of `sealed` or `aad` is different, the key is another one, or the value is cut short */
  open(sealed: Buffer, aad: string): Buffer {
    if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new Error('Not a sealed value');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  }
}
