import { inflateSync } from 'node:zlib';
import { AppError } from '@app/kernel';
import { isTooLarge } from '../formats/is-too-large';

/** Page descriptions of maps and drawings reach some megabytes. Interpreting 20 MB takes about 10 s. */
const MAX_STREAM_BYTES = 20 * 1024 * 1024;
const MAX_TOTAL_BYTES = 200 * 1024 * 1024;
const MAX_DICTIONARY_CHARS = 1000;
/** Compressing what is compressed gains nothing. Bombs do it to hide their size. */
const MAX_FLATE_FILTERS = 1;

/** Pixels are not interpreted when text is extracted, and are large for good reasons. */
const IMAGE = /\/Subtype\s*\/Image\b/;
/** Beside these, what stands in the file is not what is inflated. */
const OTHER_FILTERS = /\/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx|LZWDecode|LZW|RunLengthDecode|RL|Crypt)\b/;
const FLATE = /\/(?:FlateDecode|Fl)\b/g;
const INVISIBLE_TEXT = /(?:^|[\s\]])3\s+Tr\b/;

/**
 * Inflates the streams of a PDF under a budget before an interpreter does it without one.
 *
 * @returns `hasInvisibleText`: whether a page writes such text (ISO 32000-1, 9.3.6, rendering mode 3); `hasDamage`:
 *   whether something that is not a picture cannot be inflated, of which the interpreter would say nothing
 * @throws AppError `document.archive-unsafe`
 */
export function checkPdfStreams(bytes: Buffer): { hasInvisibleText: boolean; hasDamage: boolean } {
  const source = bytes.toString('latin1');
  let total = 0;
  let hasInvisibleText = false;
  let hasDamage = false;
  for (const { index } of source.matchAll(/(?<!end)stream\r?\n/g)) {
    const before = source.slice(Math.max(0, index - MAX_DICTIONARY_CHARS), index);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    if (IMAGE.test(dictionary)) continue;
    const { content, inflatedBytes, isDamaged } = contentOf(bytes, bytes.indexOf(10, index) + 1, dictionary);
    total += inflatedBytes;
    if (total > MAX_TOTAL_BYTES) unsafe();
    hasDamage ||= isDamaged;
    hasInvisibleText ||= INVISIBLE_TEXT.test(content.toString('latin1'));
  }
  return { hasInvisibleText, hasDamage };
}

/** @param start of the stream in the file */
function contentOf(
  bytes: Buffer,
  start: number,
  dictionary: string,
): { content: Buffer; inflatedBytes: number; isDamaged: boolean } {
  const filters = dictionary.match(FLATE)?.length ?? 0;
  if (filters > MAX_FLATE_FILTERS) unsafe();
  if (filters === 0) {
    return { content: bytes.subarray(start, start + MAX_DICTIONARY_CHARS), inflatedBytes: 0, isDamaged: false };
  }
  const content = inflated(bytes, start);
  const isDamaged = content === undefined && !OTHER_FILTERS.test(dictionary);
  return { content: content ?? Buffer.alloc(0), inflatedBytes: content?.length ?? 0, isDamaged };
}

function inflated(bytes: Buffer, start: number): Buffer | undefined {
  const end = bytes.indexOf('endstream', start);
  try {
    return inflateSync(bytes.subarray(start, end === -1 ? undefined : end), { maxOutputLength: MAX_STREAM_BYTES });
  } catch (error) {
    if (isTooLarge(error)) unsafe();
    return undefined; // not what it says; the interpreter decides
  }
}

function unsafe(): never {
  throw new AppError('document.archive-unsafe', { detail: 'A page expands to more than is allowed' });
}
