import { AppError } from '@app/kernel';
import type { Entry } from 'yauzl';
import { isDirectory, pathOf, readDirectory, refuseExpansion } from '../formats/zip-container';
import { MANIFEST_NAME } from '../transfer/manifest';

export interface ListedFile {
  /** Its place among the entries of the directory, from 0. */
  readonly ordinal: number;
  readonly path: string;
  /** What the directory claims. */
  readonly byteSize: number;
}

export interface ArchiveListing {
  /** What is looked at, in the order of the directory. */
  readonly files: readonly ListedFile[];
  /** How many entries are not: folders, and what systems leave in folders. */
  readonly skippedCount: number;
}

const EMPTY_ARCHIVE = Buffer.from('PK\u0005\u0006');
const FIRST_ENTRY = Buffer.from('PK\u0003\u0004');
/** What macOS and Windows add to folders, and everything whose name begins with a dot. */
const LEFTOVER = /(?:^|\/)(?:\.|__MACOSX(?:\/|$)|(?:thumbs\.db|desktop\.ini)$)/i;

/**
 * What an archive holds, by its directory alone. An entry that claims to be larger than a file may be is listed like any
 * other; it is refused alone, when its turn comes, without being inflated.
 *
 * @throws AppError `bulk-upload.not-an-archive`, `bulk-upload.empty`, and those of `readDirectory` and `refuseExpansion`
 */
export async function listArchive(bytes: Buffer, maxFileBytes: number): Promise<ArchiveListing> {
  const head = bytes.subarray(0, 4);
  if (head.equals(EMPTY_ARCHIVE)) throw new AppError('bulk-upload.empty');
  if (!head.equals(FIRST_ENTRY)) throw new AppError('bulk-upload.not-an-archive');
  const { entries } = await readDirectory(bytes, { maxEntryBytes: Infinity });
  const files = entries.flatMap((entry, ordinal) => (isSkipped(entry) ? [] : [toFile(entry, ordinal)]));
  if (files.length === 0) throw new AppError('bulk-upload.empty');
  const inflated = files.filter(({ byteSize }) => byteSize <= maxFileBytes);
  refuseExpansion(
    inflated.reduce((total, { byteSize }) => total + byteSize, 0),
    bytes.length,
  );
  return { files, skippedCount: entries.length - files.length };
}

const toFile = (entry: Entry, ordinal: number): ListedFile => ({
  ordinal,
  path: pathOf(entry),
  byteSize: entry.uncompressedSize,
});

function isSkipped(entry: Entry): boolean {
  const path = pathOf(entry);
  return isDirectory(entry) || path === MANIFEST_NAME || LEFTOVER.test(path);
}
