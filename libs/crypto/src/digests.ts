import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** SHA-256 of bytes or of UTF-8 text: 32 bytes. For random tokens and files; passwords need argon2id. */
export const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest();

/** HMAC-SHA256 (RFC 2104): 32 bytes. A blind index over values that could be guessed, and a signature. */
export const hmacSha256 = (key: Buffer, value: string): Buffer => createHmac('sha256', key).update(value).digest();

/**
 * A 32-byte key for one purpose (HKDF-SHA256, RFC 5869). Purposes are fixed words such as `visitor-tokens`: the same
 * purpose gives the same key, two purposes give keys that tell nothing about each other or about `master`.
 *
 * @throws Error when `purpose` is empty or `master` has fewer than 32 bytes
 */
export function deriveKey(master: Buffer, purpose: string): Buffer {
  if (purpose === '') throw new Error('A derived key needs a purpose');
  if (master.length < 32) throw new Error('A master key needs at least 32 bytes');
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `customercare:${purpose}`, 32));
}
