export const DOCUMENT_PARTS = ['page', 'slide', 'sheet', 'chapter'] as const;
/** What formats divide a document into. */
export type DocumentPart = (typeof DOCUMENT_PARTS)[number];

/** What may be wrong with one part, in words that say what to do. Codes are append-only. */
export const PART_PROBLEMS = {
  'part.unreadable':
    'It is damaged or missing, so it was read in part or not at all; repair the file and upload it anew',
  'part.rest-unreadable':
    'From here on the file is damaged, so nothing was read of this part and those after it; repair the file and upload it anew',
  'part.no-text':
    'No text was found on it though others have some; if it is a scan or a picture, add a text layer (OCR) and upload the file anew',
} as const;
export type PartProblem = keyof typeof PART_PROBLEMS;

/** A part of a document that answers miss something of. Never holds text of the document. */
export interface PartNotice {
  readonly part: DocumentPart;
  /** From 1, in the order of the document. */
  readonly number: number;
  readonly code: PartProblem;
}

/** Enough to see what is wrong; `PartNotices.total` says how many there are. */
export const MAX_PART_NOTICES = 100;

export interface PartNotices {
  /** Of all parts, also of those that are not listed. */
  readonly total: number;
  /** The first ones, in the order of the document. */
  readonly items: readonly PartNotice[];
}
