import { isUtf8 } from 'node:buffer';

import { isKnownSecret } from './known-secrets';

/** OWASP ASVS 5.0, 11.5.1: at least 128 bits; the guides ask for 256. */
export const MIN_SECRET_BYTES = 32;

/** Of 32 random bytes about 30 are different; fewer than 16 happens once in 10^19. */
const MIN_DISTINCT_BYTES = 16;

/**
 * Neighbours in random base64 belong to different kinds (capital, small, digit, sign) 64 times in 100, those of words and
 * of keyboards hammered upon mostly to the same. Fewer than this happens to 1 in 400,000 keys of 32 bytes.
 */
const MIN_CHANGES_OF_KIND = 0.3;

/** What people type instead of a secret. All long enough never to turn up in random text. */
const WEAK_WORDS = [
  'changeme',
  'change-me',
  'change_me',
  'secret',
  'password',
  'default',
  'example',
  'placeholder',
  'insecure',
  'customercare',
  'your-',
  'your_',
  'replace',
  'development',
  'production',
  'qwerty',
  'letmein',
  '123456',
  'abcdef',
];

/** `openssl rand -base64 64` writes two lines. */
const withoutLineBreaks = (text: string): string => text.replace(/\r?\n/g, '');

/** The bytes a text in hexadecimal or base64 (either alphabet) stands for, or null when it is neither. */
function bytesWritten(text: string): Buffer | null {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  const digits = text.replace(/={1,2}$/, '');
  if (text !== digits && text.length % 4 !== 0) return null;
  const bytes = Buffer.from(digits, 'base64');
  // Both directions: what no encoder would have written (mixed alphabets, a stray last digit) was typed by a person.
  const isEncoded = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')].includes(digits);
  return isEncoded && digits !== '' ? bytes : null;
}

/** The bytes of a secret; those of its UTF-8 text when it is written in no encoding. */
export function decodeSecret(text: string): Buffer {
  const written = withoutLineBreaks(text);
  return bytesWritten(written) ?? Buffer.from(written);
}

/** Whether a text holds one of the words people type where a secret belongs. */
export function isPlaceholder(text: string): boolean {
  const lower = text.toLowerCase();
  return WEAK_WORDS.some((word) => lower.includes(word));
}

/**
 * What is weak about a secret, or null. It must be random bytes as a generator writes them: words, typed text in whatever
 * disguise, and keys that were published are refused.
 */
export function weaknessOf(text: string): string | null {
  const written = withoutLineBreaks(text);
  const bytes = bytesWritten(written);
  if ((bytes ?? Buffer.from(written)).length < MIN_SECRET_BYTES) {
    return `must have at least ${MIN_SECRET_BYTES} bytes once decoded`;
  }
  if (isPlaceholder(written)) return 'looks like a placeholder or a well-known value';
  if (bytes === null) return 'must be random bytes written in hexadecimal or base64';
  if (isPlaceholder(bytes.toString('latin1')) || isUtf8(bytes)) return 'is text; take random bytes';
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) return 'repeats itself; take random bytes';
  if (!isHexadecimal(written) && looksTyped(written)) return 'looks typed; take random bytes';
  return isKnownSecret(bytes) ? 'was published; take random bytes' : null;
}

const isHexadecimal = (text: string): boolean => /^[0-9a-f]+$/i.test(text);

/** Base64 of 32 random bytes lacks capitals, or small letters, once in 10^9. */
const looksTyped = (text: string): boolean =>
  changesOfKind(text) < MIN_CHANGES_OF_KIND || !/[A-Z]/.test(text) || !/[a-z]/.test(text);

/** How many of a text's neighbours are of different kinds, from 0 to 1. */
function changesOfKind(text: string): number {
  const kinds = [...text].map((character) => [/[A-Z]/, /[a-z]/, /\d/].findIndex((kind) => kind.test(character)));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]);
  return changes.length / (kinds.length - 1);
}
