import type { BlobKey } from './blob-key';

/**
 * Keeps the bytes of uploaded files, encrypted, by workspace. A store that is away rejects with AppError
 * `service.unavailable`, and nothing is known of what it was asked.
 */
export abstract class BlobStore {
  /** Resolves when the bytes would survive a crash. The same key again replaces them. */
  abstract put(key: BlobKey, bytes: Buffer): Promise<void>;

  /** @throws AppError `document.not-found` when there is none; another error when the bytes were changed or moved */
  abstract get(key: BlobKey): Promise<Buffer>;

  /** Resolves also when there was none. */
  abstract delete(key: BlobKey): Promise<void>;

  /** What was stored before that time, in any order. */
  abstract list(before: Date): AsyncIterable<BlobKey>;
}
