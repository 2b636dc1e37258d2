import type { DocumentStatus } from '../versions/document-version.entity';

/** `waiting` until it is its turn; `cancelled` when the whole was cancelled before. */
export const FILE_OUTCOMES = ['waiting', 'accepted', 'duplicate', 'refused', 'cancelled'] as const;
export type FileOutcome = (typeof FILE_OUTCOMES)[number];

/** A file, or a snippet of an export. */
export const LINE_KINDS = ['file', 'snippet'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** What became of one file of an archive. */
export interface BulkUploadFile {
  /** Also the id of the document that is made of it, so that unpacking twice makes one. */
  readonly id: string;
  readonly kind: LineKind;
  /** In the archive, with `/`, as its writer meant it. */
  readonly path: string;
  /** What the archive's directory claims. */
  readonly byteSize: number;
  readonly outcome: FileOutcome;
  /** Why it was refused, from the error catalogue. */
  readonly errorCode: string | null;
  /** The document it became, or that has the same bytes; null also when that was deleted since. */
  readonly documentId: string | null;
  /** Of the newest version of that document. */
  readonly documentStatus: DocumentStatus | null;
  /** Why that failed or is in quarantine. */
  readonly documentErrorCode: string | null;
}

/** A file that waits for its turn. */
export interface WaitingFile {
  readonly id: string;
  readonly kind: LineKind;
  /** Its place among the entries of the archive's directory, from 0; a snippet's is behind them all. */
  readonly ordinal: number;
  readonly path: string;
}

/** How it was decided on a file. */
export interface FileDecision {
  readonly outcome: 'accepted' | 'duplicate' | 'refused';
  readonly errorCode: string | null;
  readonly documentId: string | null;
}
