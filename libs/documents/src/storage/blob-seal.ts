import { KeyRingBox, type KeyRing } from '@app/crypto';
import type { BlobKey } from './blob-key';

/**
 * Seals the bytes of uploaded files before they are kept anywhere (AES-256-GCM). They are bound to their workspace and
 * blob: one that is copied over another does not open. The same bytes open in every store, so files may be moved between.
 */
export class BlobSeal {
  /** As many bytes from the start of a sealed file as `kidOf` needs. */
  static readonly HEAD_BYTES = KeyRingBox.HEAD_BYTES;

  private readonly box: KeyRingBox;

  constructor(ring: KeyRing) {
    this.box = new KeyRingBox(ring, 'documents.blobs');
  }

  seal(key: BlobKey, bytes: Buffer): Buffer {
    return this.box.seal(bytes, placeOf(key));
  }

  /** @throws AppError `data.unreadable` for bytes that were changed, cut, moved or sealed with a key that is gone */
  open(key: BlobKey, sealed: Buffer): Buffer {
    return this.box.open(sealed, placeOf(key));
  }

  /** Id of the key a file is sealed with; `''` for what is no sealed file. */
  kidOf(head: Buffer): string {
    return this.box.kidOf(head) ?? '';
  }
}

const placeOf = ({ workspaceId, blobId }: BlobKey): string => `${workspaceId}|${blobId}`;
