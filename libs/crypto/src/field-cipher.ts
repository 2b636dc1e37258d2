import { AppError } from '@app/kernel';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { deriveKey } from './digests';
import { type EncryptionKey, KeyRing } from './key-ring';

/** Where a sealed value belongs. It opens nowhere else. */
export interface FieldPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  /** null in tables of no workspace (`users`, `sessions`). */
  readonly workspaceId: string | null;
}

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D, 5.2.1.1: 96-bit random nonces, good for 2^32 values under one key. */
const NONCE_BYTES = 12;
/** Full length. Node accepts tags of 4 bytes when the length is not pinned. */
const TAG_BYTES = 16;
const VERSION = 'v1';

/**
 * Encrypts single columns (AES-256-GCM). A sealed value is the text `v1.<kid>.<nonce>.<ciphertext>.<tag>`, its last
 * three parts in base64url. Table, column, row and workspace are authenticated with it, so that a value moved to
 * another row, column or tenant does not open.
 */
export class FieldCipher {
  private readonly derived = new Map<string, Buffer>();

  constructor(private readonly ring: KeyRing) {}

  /** The same text sealed twice gives two texts. */
  seal(place: FieldPlace, plain: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.keyOf(this.ring.current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(aadOf(place));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return [VERSION, this.ring.current.kid, ...[nonce, sealed, cipher.getAuthTag()].map(encode)].join('.');
  }

  /** @throws AppError `data.unreadable` for a value of another place, changed or cut, or sealed with a key that is gone */
  open(place: FieldPlace, sealed: string): string {
    const [version, kid = '', ...parts] = sealed.split('.');
    const key = this.ring.find(kid);
    const [nonce, text, tag, ...rest] = parts.map(decode);
    const isWhole = nonce?.length === NONCE_BYTES && tag?.length === TAG_BYTES && rest.length === 0;
    if (version !== VERSION || !key || !text || !isWhole) throw unreadable(place);
    try {
      const decipher = createDecipheriv(ALGORITHM, this.keyOf(key), nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(aadOf(place));
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw unreadable(place, cause);
    }
  }

  /** Null stays null. */
  sealNullable(place: FieldPlace, plain: string | null): string | null {
    return plain === null ? null : this.seal(place, plain);
  }

  openNullable(place: FieldPlace, sealed: string | null): string | null {
    return sealed === null ? null : this.open(place, sealed);
  }

  /** What every value sealed now starts with. Rows whose value starts otherwise are left to `keys:rotate`. */
  get currentPrefix(): string {
    return `${VERSION}.${this.ring.current.kid}.`;
  }

  private keyOf({ kid, key }: EncryptionKey): Buffer {
    const known = this.derived.get(kid) ?? deriveKey(key, 'fields');
    this.derived.set(kid, known);
    return known;
  }
}

const encode = (bytes: Buffer): string => bytes.toString('base64url');

/** Undefined for a second spelling of the same bytes: Node skips what is not base64url and ignores bits left over. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return encode(bytes) === part ? bytes : undefined;
}

const aadOf = ({ table, column, rowId, workspaceId }: FieldPlace): Buffer =>
  Buffer.from([table, column, rowId, workspaceId ?? ''].join('|'));

const unreadable = ({ table, column }: FieldPlace, cause?: unknown): AppError =>
  new AppError('data.unreadable', { cause: new Error(`${table}.${column} does not open`, { cause }) });
