import type { BlobKey } from './blob-key';

/** What a blob store can do beside its work when keys change. */
export interface ResealableBlobs {
  /** Ids of the keys of everything stored, with `''` for what is no sealed file. */
  keyIds(): AsyncIterable<{ key: BlobKey; kid: string }>;

  /**
   * Seals a file again with the current key, unless it is gone or was replaced meanwhile.
   * @returns whether it was changed
   * @throws AppError `data.unreadable`
   */
  reseal(key: BlobKey): Promise<boolean>;
}
