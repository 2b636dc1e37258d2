import { crc32 } from 'node:zlib';
import { AppError } from '@app/kernel';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { EntryNames, type EntryFault, isDirectory, nameOf, refuseAttack, refuseFault, unsafe } from './zip-entry';

/** Limits of ../../docs/security.md, document parsers; OWASP ASVS 5.0 5.2.3 asks for all of them. */
const MAX_ENTRIES = 2000;
const MAX_ENTRY_BYTES = 50 * 1024 * 1024;
const MAX_TOTAL_BYTES = 100 * 1024 * 1024;
const MAX_RATIO = 200;
/** A small file of one repeated letter has a high ratio and harms nobody. */
const RATIO_FLOOR_BYTES = 1024 * 1024;

const LOCAL_HEADER = Buffer.from('PK\u0003\u0004');
const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006');
const END_OF_DIRECTORY_BYTES = 22;
/** The offset is in a 64-bit record, which some writers make for small archives too. */
const ZIP64_OFFSET = 0xffffffff;

export interface ZipPart {
  /** Path inside the archive, with `/`, as written. */
  readonly name: string;
  readonly content: Buffer;
}

/** How many bytes may still come out of an archive and the archives inside it. */
export class ZipBudget {
  private remaining = MAX_TOTAL_BYTES;

  /** @throws AppError `document.archive-unsafe` when it is used up */
  take(bytes: number): void {
    this.remaining -= bytes;
    if (this.remaining < 0) unsafe('It expands to more than is allowed');
  }

  get entryBytes(): number {
    return Math.min(MAX_ENTRY_BYTES, this.remaining);
  }
}

/**
 * Every file of a ZIP archive, inflated one after the other under a running budget, after the directory as a whole was
 * found safe. Declared sizes are never trusted: bytes are counted as they come out.
 *
 * @throws AppError `document.archive-unsafe` (limits, names, overlap, duplicates, links, lies about sizes),
 *   `document.encrypted`, `document.corrupt`
 */
export async function* readZip(bytes: Buffer, budget = new ZipBudget()): AsyncGenerator<ZipPart> {
  const { zip, entries } = await readDirectory(bytes, { maxEntryBytes: MAX_ENTRY_BYTES });
  let total = 0;
  for (const entry of entries) {
    if (isDirectory(entry)) continue;
    const content = await inflateEntry(zip, entry, budget.entryBytes);
    budget.take(content.length);
    total += content.length;
    refuseExpansion(total, bytes.length);
    yield { name: nameOf(entry), content };
  }
}

/** @throws AppError `document.archive-unsafe` for a total that no honest archive of documents of this size has */
export function refuseExpansion(totalBytes: number, archiveBytes: number): void {
  if (totalBytes > MAX_TOTAL_BYTES) unsafe('It expands to more than 100 MB');
  if (totalBytes > RATIO_FLOOR_BYTES && totalBytes > archiveBytes * MAX_RATIO)
    unsafe('It expands to more than 200 times its size');
}

export interface ZipDirectory {
  readonly zip: ZipFile;
  /** Folders too, in the order of the directory. */
  readonly entries: readonly Entry[];
}

export interface DirectoryRules {
  /** What an entry may claim to expand to before the whole archive is refused for it. */
  readonly maxEntryBytes: number;
  /** Of any kind. Default: 2,000. */
  readonly maxEntries?: number;
  /**
   * Told of what only spoils the entry at that place, from 0: the others are read, and it must not be. When left out, the
   * whole archive is refused for it.
   */
  readonly onFault?: (ordinal: number, fault: EntryFault) => void;
}

/**
 * The directory of an archive that was found safe as a whole; nothing is inflated.
 * @throws AppError as `readZip`; its detail names the entry, where it is one
 */
export async function readDirectory(bytes: Buffer, rules: DirectoryRules): Promise<ZipDirectory> {
  const { maxEntryBytes, maxEntries = MAX_ENTRIES, onFault } = rules;
  if (!bytes.subarray(0, 4).equals(LOCAL_HEADER)) unsafe('It does not begin with its first entry');
  const zip = await openZip(bytes);
  if (zip.entryCount > maxEntries) unsafe(`It holds more than ${maxEntries} entries`);
  const entries: Entry[] = [];
  const names = new EntryNames();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length === maxEntries) unsafe(`It holds more than ${maxEntries} entries`);
      refuseAttack(entry, maxEntryBytes);
      const fault = names.faultOf(entry);
      if (fault && !onFault) refuseFault(entry, fault);
      if (fault) onFault?.(entries.length, fault);
      entries.push(entry);
    }
  } catch (error) {
    throw asRefusal(error);
  }
  await checkLayout(zip, entries);
  return { zip, entries };
}

async function openZip(bytes: Buffer): Promise<ZipFile> {
  try {
    const zip = await fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: false, autoClose: false });
    checkEnd(bytes);
    return zip;
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Readers look for the end record in different ways. A second one would show each of them another archive. */
function checkEnd(bytes: Buffer): void {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  const isLast = end + END_OF_DIRECTORY_BYTES + bytes.readUInt16LE(end + 20) === bytes.length;
  const [size, offset] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)];
  if (!isLast || (offset !== ZIP64_OFFSET && offset + size !== end)) unsafe('Its directory is ambiguous');
}

/** No two entries may share bytes ("better zip bomb", Fifield 2019), and both copies of a name must be the same. */
async function checkLayout(zip: ZipFile, entries: readonly Entry[]): Promise<void> {
  const ranges: { entry: Entry; start: number; end: number }[] = [];
  for (const entry of entries) {
    const header = await zip.readLocalFileHeaderPromise(entry).catch((error: unknown) => {
      throw asRefusal(error);
    });
    if (!header.fileName.equals(entry.fileNameRaw)) unsafe('An entry has two names', entry);
    ranges.push({ entry, start: entry.relativeOffsetOfLocalHeader, end: header.fileDataStart + entry.compressedSize });
  }
  ranges.sort((a, b) => a.start - b.start);
  ranges.forEach((range, i) => {
    const next = ranges[i + 1];
    if (next && next.start < range.end) unsafe('Its entries overlap', next.entry);
  });
}

/** The bytes of one entry of a directory that was read before. @throws AppError as `inflateChunks` */
export async function inflateEntry(zip: ZipFile, entry: Entry, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of inflateChunks(zip, entry, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The same piece by piece, for what need not be in memory whole.
 * @throws AppError `document.archive-unsafe` for more than `maxBytes` or another number than it claims, `document.corrupt`
 */
export async function* inflateChunks(zip: ZipFile, entry: Entry, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  let checksum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      const bytes = chunk as Buffer; // a stream without encoding yields buffers
      size += bytes.length;
      if (size > maxBytes) unsafe('It expands to more than is allowed');
      if (size > entry.uncompressedSize) unsafe('An entry is larger than it says', entry);
      checksum = crc32(bytes, checksum);
      yield bytes;
    }
  } catch (error) {
    throw asRefusal(error);
  }
  if (size !== entry.uncompressedSize) unsafe('An entry is smaller than it says', entry);
  if (checksum !== entry.crc32) throw new AppError('document.corrupt', { detail: 'Its checksum is wrong' });
}

const asRefusal = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('document.corrupt', { cause: error });
