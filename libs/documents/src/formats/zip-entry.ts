import { isUtf8 } from 'node:buffer';
import { AppError } from '@app/kernel';
import { type Entry, getFileNameLowLevel } from 'yauzl';
import { cleanPath } from './file-name';

const STORED = 0;
const DEFLATED = 8;
const UNIX_TYPE_MASK = 0o170000;
const UNIX_SYMLINK = 0o120000;
/** From the root of a disk, or up and out of the folder, in the ways of Unix and Windows. */
const OUTSIDE = /^(?:[a-z]:)?[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/i;
/** Means a disk on Windows, a folder on some systems, or nothing at all. */
const UNUSABLE = /^$|^[a-z]:|[\\\0]/i;
/** More than any system lets a person name a file. */
const MAX_NAME_BYTES = 2_000;
/** Of a path in the words of an error. */
const MAX_SHOWN_CHARS = 100;

/** What is wrong with one entry, and harms nobody who leaves it alone. */
export type EntryFault = 'encrypted' | 'compression-unsupported' | 'name-unusable' | 'name-taken';

const FAULTS_IN_WORDS: Record<Exclude<EntryFault, 'encrypted'>, string> = {
  'compression-unsupported': 'It uses an unusual compression',
  'name-unusable': 'An entry has an unsafe name',
  'name-taken': 'Two of its entries have the same name',
};

/** The names of one directory, to tell which come again. */
export class EntryNames {
  private readonly seen = new Set<string>();

  /** Null for an entry that may be read. */
  faultOf(entry: Entry): EntryFault | null {
    const name = nameOf(entry).toLowerCase(); // part names are case-insensitive (ECMA-376 part 2, 6.2.2.3)
    if (UNUSABLE.test(name) || entry.fileNameRaw.length > MAX_NAME_BYTES) return 'name-unusable';
    if (this.seen.has(name)) return 'name-taken';
    this.seen.add(name);
    if (entry.isEncrypted()) return 'encrypted';
    return [STORED, DEFLATED].includes(entry.compressionMethod) ? null : 'compression-unsupported';
  }
}

/** @throws AppError `document.archive-unsafe` for an entry that no archive has by accident */
export function refuseAttack(entry: Entry, maxBytes: number): void {
  if (OUTSIDE.test(nameOf(entry))) unsafe('An entry has an unsafe name', entry);
  if (((entry.externalFileAttributes >>> 16) & UNIX_TYPE_MASK) === UNIX_SYMLINK)
    unsafe('It holds a symbolic link', entry);
  if (entry.uncompressedSize > maxBytes) unsafe('An entry is larger than 50 MB', entry);
}

/** @throws AppError `document.encrypted`, `document.archive-unsafe` */
export function refuseFault(entry: Entry, fault: EntryFault): never {
  if (fault === 'encrypted') throw new AppError('document.encrypted', { detail: named(entry) });
  unsafe(FAULTS_IN_WORDS[fault], entry);
}

/** @throws AppError `document.archive-unsafe`, which names the entry it is about */
export function unsafe(detail: string, entry?: Entry): never {
  throw new AppError('document.archive-unsafe', { detail: entry ? `${detail}: ${named(entry)}` : detail });
}

const named = (entry: Entry): string => `"${cleanPath(pathOf(entry), MAX_SHOWN_CHARS)}"`;

/** The path of an entry as its writer meant it, for people: UTF-8 when it is, whatever its flag says, else as the format has it. */
export const pathOf = ({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string =>
  isUtf8(fileNameRaw)
    ? fileNameRaw.toString('utf8')
    : getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);

/** As its bytes are, to compare: every byte counts, whatever it means. */
export const nameOf = ({ fileNameRaw }: Entry): string => fileNameRaw.toString(isUtf8(fileNameRaw) ? 'utf8' : 'latin1');

export const isDirectory = (entry: Entry): boolean => nameOf(entry).endsWith('/');
