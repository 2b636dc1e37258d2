interface Encoding {
  readonly name: string;
  readonly pattern: RegExp;
  readonly decode: (match: string) => Buffer;
}

const bytesOf = (text: string, radix: number): Buffer =>
  Buffer.from(text.split(/\s+/).map((digits) => Number.parseInt(digits, radix)));

/** How text can be written so that a model reads it and a person does not. */
const ENCODINGS: readonly Encoding[] = [
  {
    name: 'base64',
    pattern: /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,8000}={0,2}/g,
    decode: (match) => Buffer.from(match, 'base64'),
  },
  { name: 'hexadecimal', pattern: /\b[0-9a-f]{2}(?: [0-9a-f]{2}){11,4000}\b/gi, decode: (match) => bytesOf(match, 16) },
  { name: 'hexadecimal', pattern: /\b(?:[0-9a-f]{2}){12,4000}\b/gi, decode: (match) => Buffer.from(match, 'hex') },
  { name: 'binary', pattern: /\b[01]{8}(?:\s[01]{8}){11,4000}\b/g, decode: (match) => bytesOf(match, 2) },
];
/** Keys and digests decode to bytes that are no text. */
const TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]+$/u;

/** What stands encoded in a text, where that is text again. */
export function decodeEncodings(text: string): { readonly encoding: string; readonly text: string }[] {
  const found: { encoding: string; text: string }[] = [];
  for (const { name, pattern, decode } of ENCODINGS) {
    for (const [match] of text.matchAll(pattern)) {
      const decoded = decode(match).toString();
      if (!decoded.includes('\ufffd') && TEXT.test(decoded)) found.push({ encoding: name, text: decoded });
    }
  }
  return found;
}
