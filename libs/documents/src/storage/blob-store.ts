/** Both are UUIDs: nothing a person typed ever becomes part of a path. */
export interface BlobKey {
  readonly workspaceId: string;
  readonly blobId: string;
}

/** Keeps the bytes of uploaded files, encrypted, by workspace. */
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
