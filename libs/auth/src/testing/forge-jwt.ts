import { createHmac, type KeyObject } from 'node:crypto';

const HASHES: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

const encode = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A JWT made by hand, as an attacker would: any header, any claims, any key. Objects or raw JSON text. */
export function forgeJwt(header: Record<string, unknown>, claims: unknown, key: KeyObject | Buffer | string): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const hash = HASHES[String(header['alg'])] ?? 'sha256';
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}
