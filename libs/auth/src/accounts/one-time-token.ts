import { sha256 } from '@app/crypto';
import { randomBytes } from 'node:crypto';

const ID_BYTES = 16;
const SECRET_BYTES = 32;

/** What a mailed link carries: whose row to look at, and a secret of which that row holds the hash. */
export interface OneTimeToken {
  readonly ownerId: string;
  /** SHA-256 of the secret. */
  readonly hash: Buffer;
}

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idText = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** 256 random bits for a link that `oneTimeTokenText` makes. */
export const newOneTimeSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** The token as it is mailed: 64 characters of base64url. */
export const oneTimeTokenText = (ownerId: string, secret: Buffer): string =>
  Buffer.concat([idBytes(ownerId), secret]).toString('base64url');

export const hashOfSecret = (secret: Buffer): Buffer => sha256(secret);

/** Null for anything that is not such a token. */
export function readOneTimeToken(text: string): OneTimeToken | null {
  if (!/^[\w-]{64}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return { ownerId: idText(bytes.subarray(0, ID_BYTES)), hash: hashOfSecret(bytes.subarray(ID_BYTES)) };
}
