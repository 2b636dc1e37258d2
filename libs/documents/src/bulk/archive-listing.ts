import { AppError, type ErrorCode } from '@app/kernel';
import type { Entry } from 'yauzl';
import { cleanPath } from '../formats/file-name';
import { readDirectory, refuseExpansion, type ZipDirectory } from '../formats/zip-container';
import { type EntryFault, isDirectory, pathOf, unsafe } from '../formats/zip-entry';
import { MANIFEST_NAME } from '../transfer/manifest';

/** What an archive may hold of files that could be documents. */
const MAX_FILES = 2_000;
/** And of entries of any kind: each costs a look, also a folder and what systems leave in it. */
const MAX_ENTRIES = 10_000;
/** Of a path in the report. */
const MAX_PATH_CHARS = 500;

export interface ListedFile {
  /** Its place among the entries of the directory, from 0. */
  readonly ordinal: number;
  /** Cleaned, to be shown. */
  readonly path: string;
  /** What the directory claims. */
  readonly byteSize: number;
  /** Why it is refused without being looked at; null for all others. */
  readonly errorCode: ErrorCode | null;
}

export interface ArchiveListing {
  /** What is looked at or refused by name, in the order of the directory. At least one is looked at. */
  readonly files: readonly ListedFile[];
  /** How many entries are neither: folders, and what systems leave in folders. */
  readonly skippedCount: number;
}

interface ArchiveDirectory extends ZipDirectory {
  /** By the place of the entry: what spoils it alone. */
  readonly faults: ReadonlyMap<number, EntryFault>;
}

const EMPTY_ARCHIVE = Buffer.from('PK\u0005\u0006');
const FIRST_ENTRY = Buffer.from('PK\u0003\u0004');
/** What macOS and Windows add to folders, and everything whose name begins with a dot. */
const LEFTOVER = /(?:^|\/)(?:\.|__MACOSX(?:\/|$)|(?:thumbs\.db|desktop\.ini)$)/i;
const CODES: Record<EntryFault, ErrorCode> = {
  encrypted: 'document.encrypted',
  'compression-unsupported': 'bulk-upload.compression-unsupported',
  'name-unusable': 'bulk-upload.name-unusable',
  'name-taken': 'bulk-upload.name-taken',
};

/** The directory of an archive of documents. @throws AppError as `readDirectory` for what attacks the whole */
export async function openArchive(bytes: Buffer): Promise<ArchiveDirectory> {
  const faults = new Map<number, EntryFault>();
  const onFault = (ordinal: number, fault: EntryFault): unknown => faults.set(ordinal, fault);
  const directory = await readDirectory(bytes, { maxEntryBytes: Infinity, maxEntries: MAX_ENTRIES, onFault });
  return { ...directory, faults };
}

/**
 * What an archive holds, by its directory alone. An entry that claims to be larger than a file may be is listed like any
 * other; it is refused alone, when its turn comes, without being inflated.
 *
 * @throws AppError `bulk-upload.not-an-archive`, `bulk-upload.empty`, those of `openArchive` and `refuseExpansion`, and the
 *   code of the first file when none can be taken
 */
export async function listArchive(bytes: Buffer, maxFileBytes: number): Promise<ArchiveListing> {
  const head = bytes.subarray(0, 4);
  if (head.equals(EMPTY_ARCHIVE)) throw new AppError('bulk-upload.empty');
  if (!head.equals(FIRST_ENTRY)) throw new AppError('bulk-upload.not-an-archive');
  const { entries, faults } = await openArchive(bytes);
  const files: ListedFile[] = [];
  for (const [ordinal, entry] of entries.entries()) {
    if (isSkipped(entry)) continue;
    if (files.length === MAX_FILES) unsafe(`It holds more than ${MAX_FILES} files, from here on`, entry);
    files.push(toFile(entry, ordinal, faults.get(ordinal)));
  }
  refuseHopeless(files);
  const inflated = files.filter(({ byteSize, errorCode }) => byteSize <= maxFileBytes && errorCode === null);
  refuseExpansion(
    inflated.reduce((total, { byteSize }) => total + byteSize, 0),
    bytes.length,
  );
  return { files, skippedCount: entries.length - files.length };
}

function refuseHopeless(files: readonly ListedFile[]): void {
  const [first] = files;
  if (!first) throw new AppError('bulk-upload.empty');
  if (first.errorCode === null || files.some(({ errorCode }) => errorCode === null)) return;
  throw new AppError(first.errorCode, { detail: `"${cleanPath(first.path, 100)}"` });
}

const toFile = (entry: Entry, ordinal: number, fault: EntryFault | undefined): ListedFile => ({
  ordinal,
  path: cleanPath(pathOf(entry), MAX_PATH_CHARS) || `entry ${ordinal + 1}`,
  byteSize: entry.uncompressedSize,
  errorCode: fault ? CODES[fault] : null,
});

function isSkipped(entry: Entry): boolean {
  const path = pathOf(entry);
  return isDirectory(entry) || path === MANIFEST_NAME || LEFTOVER.test(path);
}
