import { AppError } from '@app/kernel';
import { isExecutable } from '../scanning/executable-magic';
import { holdsPackagedFile } from './compound-file';

const START = Buffer.from('{\\rtf');
/** Objects that are linked, updated when opened, or programs of a web page; templates and pictures from elsewhere. */
const ACTIVE =
  /\\(?:objupdate|objautlink|objlink|objocx|objhtml|objalink)\b|\\fldinst[^}]{0,200}?\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\s/i;
const REMOTE_TEMPLATE = /\\\*?\\?template\s+(?:https?:|\\\\\\\\|\\'|\\u)/i;
const OBJECT_DATA = /\\objdata\b/g;
/** A DOS program inside of an object's data. */
const DOS_PROGRAM = 'This program cannot be run in DOS mode';

/**
 * Whether an RTF file holds nothing that is loaded or run when it is opened.
 *
 * @throws AppError `document.type-mismatch`, `document.active-content`
 */
export function inspectRtf(bytes: Buffer): void {
  if (!bytes.subarray(0, START.length).equals(START)) throw new AppError('document.type-mismatch');
  const source = bytes.toString('latin1');
  if (ACTIVE.test(source) || REMOTE_TEMPLATE.test(source)) {
    throw new AppError('document.active-content', { detail: 'It loads content from elsewhere when opened' });
  }
  for (const { index } of source.matchAll(OBJECT_DATA)) checkObject(source, index);
}

/** The data of an object is written in hexadecimal digits up to the end of its group; what is between them is ignored. */
function checkObject(source: string, at: number): void {
  const digits = source.slice(at + '\\objdata'.length, endOfGroup(source, at)).replace(/[^0-9a-f]/gi, '');
  const content = Buffer.from(digits.slice(0, digits.length - (digits.length % 2)), 'hex');
  const isPackage = content.includes('Package\0') || holdsPackagedFile(content) || content.includes(DOS_PROGRAM);
  if (isPackage || isExecutable(content)) throw new AppError('document.active-content');
}

/** The brace that closes the group `at` lies in, or the end of the file. Digits have no escapes. */
function endOfGroup(source: string, at: number): number {
  let depth = 1;
  for (let position = at; position < source.length; position++) {
    if (source[position] === '{') depth++;
    if (source[position] === '}' && --depth === 0) return position;
  }
  return source.length;
}
