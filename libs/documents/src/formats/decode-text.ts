import { AppError } from '@app/kernel';
import { analyse } from 'chardet';

/** chardet knows encodings that TextDecoder (WHATWG) does not; the guess must be at least this sure, in per cent. */
const MIN_CONFIDENCE = 10;
/** Bytes looked at when guessing: n-gram statistics settle long before. */
const SAMPLE_BYTES = 64 * 1024;
/** How much reading as words counts beside chardet's per cent: two guesses of unlike scripts are seldom 60 apart. */
const READABLE_WEIGHT = 60;
const C1 = /[\u0080-\u009f]/g;
/** What bytes 80–9F mean in windows-1252 (WHATWG Encoding, index windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** C1 controls, unassigned and private characters: what another charset leaves in a text. */
const NOT_WRITTEN = /[\u0080-\u009f\p{Cn}\p{Co}]/u;
/** C0 without tab, line feed, vertical tab, form feed, carriage return and escape; and DEL. */
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/g;
/** Old text files hold a stray control character here and there; binary is full of them. */
const MAX_CONTROL_RATIO = 0.001;

/** Of the bytes in every second place; in UTF-16 of western text nearly all are 0, and none of the others. */
const MIN_ZERO_SHARE = 0.5;

/**
 * Bytes → text: a byte order mark decides, then zeros in every second place (UTF-16), then UTF-8, then
 * `declaredCharset`, then statistics.
 *
 * @param declaredCharset label the format itself names, for example an HTML `<meta charset>`
 * @throws AppError `document.type-mismatch` for NUL or other signs of binary, or when no charset fits
 */
export function decodeText(bytes: Buffer, declaredCharset?: string): string {
  const wide = decodeUtf32(bytes);
  if (wide !== undefined) return refuseBinary(wide);
  const marked = byteOrderMark(bytes) ?? unmarkedUtf16(bytes);
  if (marked) return refuseBinary(decodeCharset(bytes, marked) ?? mismatch());
  if (bytes.includes(0)) mismatch();
  const text =
    decodeCharset(bytes, 'utf-8') ??
    (declaredCharset && decodeCharset(bytes, declaredCharset)) ??
    decodeGuessed(bytes) ??
    mismatch();
  return refuseBinary(text);
}

/** UTF-32 is known by its mark alone; without it, four bytes a character are not taken for text. */
function decodeUtf32(bytes: Buffer): string | undefined {
  const mark = bytes.length >= 4 && bytes.length % 4 === 0 ? bytes.readUInt32LE(0) : 0;
  if (mark !== 0x0000feff && mark !== 0xfffe0000) return undefined;
  let text = '';
  for (let i = 4; i < bytes.length; i += 4) {
    const point = mark === 0x0000feff ? bytes.readUInt32LE(i) : bytes.readUInt32BE(i);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) mismatch();
    text += String.fromCodePoint(point);
  }
  return text;
}

function unmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const needed = (sample.length / 2) * MIN_ZERO_SHARE;
  if (odd > needed && even === 0) return 'utf-16le';
  return even > needed && odd === 0 ? 'utf-16be' : undefined;
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/**
 * Bytes of a known charset → text; undefined when the label is unknown or the bytes do not fit.
 *
 * @param isSample the bytes may end in the middle of a character
 */
export function decodeCharset(bytes: Buffer, label: string, { isSample = false } = {}): string | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    const text = decoder.decode(bytes, { stream: isSample });
    return decoder.encoding === 'windows-1252' ? text.replace(C1, (sign) => fromWindows1252(sign)) : text;
  } catch {
    return undefined; // an unknown label (RangeError) or bytes that are not of this charset (TypeError)
  }
}

/** Node 20 decodes windows-1252, and what the standard takes for it, as ISO 8859-1: quotes and the euro sign get lost. */
const fromWindows1252 = (sign: string): string => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign;

/**
 * Statistics know little of short texts, and many bytes are readable in several charsets. Of the guesses, the one wins
 * that is sure and reads as words: letters beyond ASCII, and no letter of a script that does not mix with its neighbour.
 */
function decodeGuessed(bytes: Buffer): string | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const guesses = analyse(sample).flatMap(({ name, confidence }) => {
    if (confidence < MIN_CONFIDENCE || name.startsWith('UTF')) return [];
    const text = decodeCharset(sample, name, { isSample: true });
    return text === undefined ? [] : [{ name, score: confidence + READABLE_WEIGHT * readableShare(text) }];
  });
  // The whole file is decoded once, unless what follows the sample does not fit.
  for (const { name } of guesses.sort((a, b) => b.score - a.score)) {
    const text = decodeCharset(bytes, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Of the characters beyond ASCII, those that make words: 0–1; less than 0 where there are some that nobody writes. */
function readableShare(text: string): number {
  const foreign = text.match(/[^\u0000-\u007f]/gu)?.length ?? 0;
  if (foreign === 0) return 0;
  if (NOT_WRITTEN.test(text)) return -1;
  const letters = text.match(/[^\p{ASCII}\P{L}]|\p{M}/gu)?.length ?? 0;
  const mixed = text.match(/\p{scx=Han}(?=[a-z])|(?<=[a-z])\p{scx=Han}|[\uff61-\uff9f](?=[a-z])/gu)?.length ?? 0;
  return (letters - 2 * mixed) / foreign;
}

function refuseBinary(text: string): string {
  if (text.includes('\u0000')) mismatch();
  const controls = text.match(CONTROL)?.length ?? 0;
  if (controls > text.length * MAX_CONTROL_RATIO) mismatch();
  return text;
}

function mismatch(): never {
  throw new AppError('document.type-mismatch', { detail: 'The content is not readable text' });
}
