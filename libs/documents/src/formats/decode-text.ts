import { AppError } from '@app/kernel';
import { analyse } from 'chardet';

/** chardet knows encodings that TextDecoder (WHATWG) does not; the guess must be at least this sure, in per cent. */
const MIN_CONFIDENCE = 10;
/** Bytes looked at when guessing: n-gram statistics settle long before. */
const SAMPLE_BYTES = 64 * 1024;
/** C0 without tab, line feed, vertical tab, form feed, carriage return and escape; and DEL. */
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f]/g;
/** Old text files hold a stray control character here and there; binary is full of them. */
const MAX_CONTROL_RATIO = 0.001;

/**
 * Bytes → text: a byte order mark decides, then UTF-8, then `declaredCharset`, then statistics.
 *
 * @param declaredCharset label the format itself names, for example an HTML `<meta charset>`
 * @throws AppError `document.type-mismatch` for NUL or other signs of binary, or when no charset fits
 */
export function decodeText(bytes: Buffer, declaredCharset?: string): string {
  const marked = byteOrderMark(bytes);
  if (marked) return refuseBinary(decode(bytes, marked) ?? mismatch());
  if (bytes.includes(0)) mismatch();
  const text =
    decode(bytes, 'utf-8') ?? (declaredCharset && decode(bytes, declaredCharset)) ?? decodeGuessed(bytes) ?? mismatch();
  return refuseBinary(text);
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function decode(bytes: Buffer, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // an unknown label (RangeError) or bytes that are not of this charset (TypeError)
  }
}

function decodeGuessed(bytes: Buffer): string | undefined {
  for (const guess of analyse(bytes.subarray(0, SAMPLE_BYTES))) {
    if (guess.confidence < MIN_CONFIDENCE || guess.name.startsWith('UTF')) continue;
    const text = decode(bytes, guess.name);
    if (text !== undefined) return text;
  }
  return undefined;
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
