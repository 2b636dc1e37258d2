import type { Readable } from 'node:stream';

export interface ScanVerdict {
  readonly infected: boolean;
  /** Name of what was found, as the engine calls it. */
  readonly signature?: string;
}

/**
 * Tells malware from other files. Fails closed: an engine that is away, gives up or answers something unclear rejects,
 * and the file stays unusable until a scan succeeds.
 */
export abstract class VirusScanner {
  /**
   * Resolves for a clean or an infected file. Rejects only when it could not tell.
   * @throws AppError `document.scan-unavailable`, or the signal's reason
   */
  abstract scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict>;
}
