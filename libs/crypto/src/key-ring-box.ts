import { AppError } from '@app/kernel';

import { deriveKey } from './digests';
import { type EncryptionKey, KeyRing } from './key-ring';
import { SecretBox } from './secret-box';

/** First byte, so that a later format can be told apart. */
const VERSION = 2;
const FIXED_BYTES = 2;

/**
 * Encrypts files (AES-256-GCM) with the keys of a ring. A sealed file is `version(1) length(1) key id(length)` and then
 * what `SecretBox` makes: `version(1) nonce(12) tag(16) ciphertext`.
 */
export class KeyRingBox {
  /** As many bytes of a sealed file as `kidOf` needs. */
  static readonly HEAD_BYTES = FIXED_BYTES + 32;

  private readonly boxes = new Map<string, SecretBox>();

  /** @param purpose a fixed word; keys of other purposes are other keys (see `deriveKey`) */
  constructor(
    private readonly ring: KeyRing,
    private readonly purpose: string,
  ) {}

  /** @param aad names the place the file belongs to; it is not stored, and the file opens nowhere else */
  seal(plain: Buffer, aad: string): Buffer {
    const kid = Buffer.from(this.ring.current.kid);
    return Buffer.concat([Buffer.of(VERSION, kid.length), kid, this.boxOf(this.ring.current).seal(plain, aad)]);
  }

  /** @throws AppError `data.unreadable` for a file of another place, changed or cut, or sealed with a key that is gone */
  open(sealed: Buffer, aad: string): Buffer {
    const kid = this.kidOf(sealed);
    const key = this.ring.find(kid ?? '');
    if (kid === null || !key) throw new AppError('data.unreadable', { cause: new Error('no key for this file') });
    try {
      return this.boxOf(key).open(sealed.subarray(FIXED_BYTES + kid.length), aad);
    } catch (cause) {
      throw new AppError('data.unreadable', { cause });
    }
  }

  /** The id of the key that a file says it is sealed with; null when it is none of ours. `head` may be its start alone. */
  kidOf(head: Buffer): string | null {
    const [version, length = 0] = head;
    const end = FIXED_BYTES + length;
    if (version !== VERSION || length === 0 || head.length < end) return null;
    const kid = head.toString('latin1', FIXED_BYTES, end);
    return /^[\w-]{1,32}$/.test(kid) ? kid : null;
  }

  get currentKid(): string {
    return this.ring.current.kid;
  }

  private boxOf({ kid, key }: EncryptionKey): SecretBox {
    const known = this.boxes.get(kid) ?? new SecretBox(deriveKey(key, this.purpose));
    this.boxes.set(kid, known);
    return known;
  }
}
