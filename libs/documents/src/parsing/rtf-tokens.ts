/** What RTF is made of (Rich Text Format 1.9.1, "RTF syntax"). */
export type RtfToken =
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'word'; readonly word: string; readonly parameter: number | undefined }
  | { readonly type: 'bytes'; readonly bytes: Buffer };

/** Letters of a control word; 32 in the specification. Possessive by hand: a digit or sign ends the letters. */
const WORD = /\\([a-zA-Z]{1,40})(-?\d{1,10})? ?/y;
const HEX = /\\'([0-9a-fA-F]{2})/y;
const PLAIN = /[^\\{}\r\n]+/y;

/** Splits RTF into its tokens, from front to back in one pass. Binary data (`\bin`) is skipped. */
export function* rtfTokens(file: Buffer): Generator<RtfToken> {
  const scanner = new RtfScanner(file.toString('latin1'));
  for (;;) {
    const token = scanner.next();
    if (token === null) return;
    if (token !== undefined) yield token;
  }
}

class RtfScanner {
  private position = 0;

  constructor(private readonly source: string) {}

  /** @returns null at the end, undefined for what says nothing */
  next(): RtfToken | null | undefined {
    const sign = this.source[this.position];
    if (sign === undefined) return null;
    if (sign === '\\') return this.control();
    if (sign === '{' || sign === '}' || sign === '\r' || sign === '\n') this.position++;
    else return { type: 'bytes', bytes: Buffer.from(this.match(PLAIN)?.[0] ?? '', 'latin1') };
    if (sign === '{') return { type: 'open' };
    return sign === '}' ? { type: 'close' } : undefined;
  }

  private control(): RtfToken | undefined {
    const hex = this.match(HEX)?.[1];
    if (hex !== undefined) return { type: 'bytes', bytes: Buffer.from(hex, 'hex') };
    const [, word, digits] = this.match(WORD) ?? [];
    if (word === undefined) {
      const symbol = this.source[this.position + 1] ?? '';
      this.position += 2;
      return { type: 'word', word: symbol, parameter: undefined };
    }
    const parameter = digits === undefined ? undefined : Number(digits);
    if (word !== 'bin') return { type: 'word', word, parameter };
    this.position += Math.max(0, parameter ?? 0);
    return undefined;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source);
    if (found) this.position = pattern.lastIndex;
    return found;
  }
}
