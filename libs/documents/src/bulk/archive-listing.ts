import { AppError, type ErrorCode } from '@app/kernel';
import type { Entry } from 'yauzl';
import { cleanPath } from '../formats/file-name';
import { readDirectory, refuseExpansion, type ZipDirectory } from '../formats/zip-container';
import { type EntryFault, isDirectory, pathOf, unsafe } from '../formats/zip-entry';
import { MANIFEST_NAME, SNIPPETS_NAME } from '../transfer/manifest';
import { readTransfer, type Transfer } from '../transfer/read-transfer';
import type { LineKind } from './bulk-upload-file';

/** What an archive may hold of files that could be documents. */
const MAX_FILES = 2_000;
/** And of entries of any kind: each costs a look, also a folder and what systems leave in it. */
const MAX_ENTRIES = 10_000;
/** Of a path in the report. */
const MAX_PATH_CHARS = 500;

export interface ListedFile {
  readonly kind: LineKind;
  /** Its place among the entries of the directory, from 0; of a snippet, behind them all. */
  readonly ordinal: number;
  /** Cleaned, to be shown; of a snippet, with the number of its line. */
  readonly path: string;
  /** What the directory claims; 0 of a snippet. */
  readonly byteSize: number;
  /** Why it is refused without being looked at; null for all others. */
  readonly errorCode: ErrorCode | null;
}

export interface ArchiveListing {
  /** What is looked at or refused by name, in the order of the directory, then the snippets. At least one is looked at. */
  readonly files: readonly ListedFile[];
  /** How many entries are neither: folders, what systems leave in folders, and what an export says about itself. */
  readonly skippedCount: number;
}

/** An archive of documents that was found safe as a whole. */
export interface ArchiveDirectory extends ZipDirectory {
  /** By the place of the entry: what spoils it alone. */
  readonly faults: ReadonlyMap<number, EntryFault>;
  /** What it says about itself when it is an export; null for others, and when that cannot be used. */
  readonly transfer: Transfer | null;
  /** Whether it says something that cannot be used. */
  readonly hasBadManifest: boolean;
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

/** @throws AppError as `readDirectory` and `refuseExpansion` for what attacks the whole */
export async function openArchive(bytes: Buffer, maxFileBytes: number): Promise<ArchiveDirectory> {
  const faults = new Map<number, EntryFault>();
  const onFault = (ordinal: number, fault: EntryFault): unknown => faults.set(ordinal, fault);
  const directory = await readDirectory(bytes, { maxEntryBytes: Infinity, maxEntries: MAX_ENTRIES, onFault });
  refuseExpansion(inflatedBytes(directory, faults, maxFileBytes), bytes.length);
  try {
    const transfer = await readTransfer(directory, (ordinal) => faults.has(ordinal));
    return { ...directory, faults, transfer, hasBadManifest: false };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bulk-upload.manifest-invalid') throw error;
    return { ...directory, faults, transfer: null, hasBadManifest: true };
  }
}

/** What will come out of it at most: an entry that is larger than a file may be is never inflated, but for the manifest. */
function inflatedBytes(
  { entries }: ZipDirectory,
  faults: ReadonlyMap<number, EntryFault>,
  maxFileBytes: number,
): number {
  return entries.reduce((total, entry, ordinal) => {
    const isInflated =
      isOfExport(entry) || (entry.uncompressedSize <= maxFileBytes && !isLeftover(entry) && !faults.has(ordinal));
    return isInflated ? total + entry.uncompressedSize : total;
  }, 0);
}

/**
 * What an archive holds, by its directory alone. An entry that claims to be larger than a file may be is listed like any
 * other; it is refused alone, when its turn comes, without being inflated.
 *
 * @throws AppError `bulk-upload.not-an-archive`, `bulk-upload.empty`, those of `openArchive`, and the code of the first file when
 *   none can be taken
 */
export async function listArchive(bytes: Buffer, maxFileBytes: number): Promise<ArchiveListing> {
  const head = bytes.subarray(0, 4);
  if (head.equals(EMPTY_ARCHIVE)) throw new AppError('bulk-upload.empty');
  if (!head.equals(FIRST_ENTRY)) throw new AppError('bulk-upload.not-an-archive');
  const directory = await openArchive(bytes, maxFileBytes);
  const files = listFiles(directory);
  const lines = [...files, ...listSnippets(directory)];
  refuseHopeless(lines);
  return { files: lines, skippedCount: directory.entries.length - files.length };
}

function listFiles({ entries, faults, transfer, hasBadManifest }: ArchiveDirectory): ListedFile[] {
  const files: ListedFile[] = [];
  for (const [ordinal, entry] of entries.entries()) {
    if (isLeftover(entry) || (transfer && isOfExport(entry))) continue;
    if (files.length === MAX_FILES) unsafe(`It holds more than ${MAX_FILES} files, from here on`, entry);
    const fault = faults.get(ordinal);
    const isBad = hasBadManifest && isOfExport(entry);
    files.push(toFile(entry, ordinal, isBad ? 'bulk-upload.manifest-invalid' : fault ? CODES[fault] : null));
  }
  return files;
}

/** Behind the entries, in the order of their lines. */
function listSnippets({ entries, transfer }: ArchiveDirectory): ListedFile[] {
  return Array.from({ length: transfer?.snippets?.count ?? 0 }, (_, index) => ({
    kind: 'snippet',
    ordinal: entries.length + index,
    path: `${SNIPPETS_NAME}:${index + 1}`,
    byteSize: 0,
    errorCode: null,
  }));
}

function refuseHopeless(files: readonly ListedFile[]): void {
  const [first] = files;
  if (!first) throw new AppError('bulk-upload.empty');
  if (first.errorCode === null || files.some(({ errorCode }) => errorCode === null)) return;
  throw new AppError(first.errorCode, { detail: `"${cleanPath(first.path, 100)}"` });
}

const toFile = (entry: Entry, ordinal: number, errorCode: ErrorCode | null): ListedFile => ({
  kind: 'file',
  ordinal,
  path: cleanPath(pathOf(entry), MAX_PATH_CHARS) || `entry ${ordinal + 1}`,
  byteSize: entry.uncompressedSize,
  errorCode,
});

const isLeftover = (entry: Entry): boolean => isDirectory(entry) || LEFTOVER.test(pathOf(entry));

/** Whether it is the place of what an export says about itself. */
const isOfExport = (entry: Entry): boolean => [MANIFEST_NAME, SNIPPETS_NAME].includes(pathOf(entry));
