/** What a line of an answer is made of. Strings are text; nothing here is markup. */
export type Inline =
  | string
  | { type: 'code'; text: string }
  | { type: 'strong' | 'em'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }
  | { type: 'cite'; marker: number };

const ESCAPABLE = /[!-/:-@[-`{-~]/;
const CITE = /\[(\d{1,3})\](?!\()/y;
const LINK =
  /!?\[([^[\]]{0,1000})\]\(\s*<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,3})>?(?:\s+"[^"]{0,500}")?\s*\)/y;
const ADDRESS = /https?:\/\/[^\s<>"`]{1,2000}/iy;
const WORD = /[\p{L}\p{N}]/u;
/** Emphasis inside emphasis inside a link: more is not worth the recursion. */
const MAX_DEPTH = 4;

/** The address when it may be followed: http, https or mailto, without user name and password. Otherwise null. */
export function safeHref(address: string): string | null {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return null;
  try {
    const url = new URL(address);
    return url.username || url.password ? null : url.href;
  } catch {
    return null;
  }
}

/** Cuts one line or paragraph into its parts. Every unmatched sign stays text; the cost is linear in practice. */
export function parseInline(text: string, depth = 0): Inline[] {
  return new InlineScanner(text, depth).scan();
}

interface Piece {
  /** Where the text goes on. */
  end: number;
  parts: Inline[];
}

class InlineScanner {
  private readonly parts: Inline[] = [];
  private plain = '';
  /** Closing signs known to be missing from here on, so that a row of openers is not searched again and again. */
  private readonly missing = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {}

  scan(): Inline[] {
    for (let at = 0; at < this.text.length;) {
      const piece = this.pieceAt(at);
      if (piece) {
        for (const part of piece.parts) this.add(part);
        at = piece.end;
      } else {
        this.plain += this.text[at++];
      }
    }
    this.flush();
    return this.parts;
  }

  private add(part: Inline): void {
    // A marker stays near the word before it: a narrow space that does not break.
    if (typeof part !== 'string' && part.type === 'cite') this.plain = this.plain.replace(/ *$/, '\u202f');
    if (typeof part === 'string') {
      this.plain += part;
      return;
    }
    this.flush();
    this.parts.push(part);
  }

  private flush(): void {
    if (this.plain) this.parts.push(this.plain);
    this.plain = '';
  }

  private pieceAt(at: number): Piece | null {
    switch (this.text[at]) {
      case '\\':
        return this.escaped(at);
      case '`':
        return this.code(at);
      case '*':
      case '_':
        return this.emphasis(at);
      case '[':
        return this.cite(at) ?? this.link(at);
      case '!':
        return this.text[at + 1] === '[' ? this.link(at) : null;
      case 'h':
      case 'H':
        return this.address(at);
      default:
        return null;
    }
  }

  private escaped(at: number): Piece | null {
    const next = this.text[at + 1];
    return next && ESCAPABLE.test(next) ? { end: at + 2, parts: [next] } : null;
  }

  private code(at: number): Piece | null {
    let start = at;
    while (this.text[start] === '`') start++;
    const fence = this.text.slice(at, start);
    const end = this.find(fence, start);
    if (end < 0) return { end: start, parts: [fence] };
    return { end: end + fence.length, parts: [{ type: 'code', text: this.text.slice(start, end).trim() }] };
  }

  private emphasis(at: number): Piece | null {
    const sign = this.text.charAt(at);
    const marker = this.text[at + 1] === sign ? sign + sign : sign;
    const start = at + marker.length;
    if (this.depth >= MAX_DEPTH || /^(\s|$)/.test(this.text.slice(start, start + 1))) return null;
    // An underscore inside a word is a name like `max_size`.
    if (sign === '_' && WORD.test(this.text[at - 1] ?? '')) return null;
    const end = this.closing(marker, start);
    if (end < 0) return marker.length === 2 ? { end: start, parts: [marker] } : null;
    const children = parseInline(this.text.slice(start, end), this.depth + 1);
    return { end: end + marker.length, parts: [{ type: marker.length === 2 ? 'strong' : 'em', children }] };
  }

  /** The next closing marker that follows a word and is not half of a longer run. */
  private closing(marker: string, from: number): number {
    const sign = marker.charAt(0);
    for (let end = this.find(marker, from + 1); end >= 0; end = this.text.indexOf(marker, end + 1)) {
      const isRunLonger = marker.length === 1 && (this.text[end + 1] === sign || this.text[end - 1] === sign);
      const isInWord = sign === '_' && WORD.test(this.text[end + marker.length] ?? '');
      if (!isRunLonger && !isInWord && !/\s/.test(this.text.charAt(end - 1))) return end;
    }
    this.missing.add(marker);
    return -1;
  }

  private find(sign: string, from: number): number {
    if (this.missing.has(sign)) return -1;
    const found = this.text.indexOf(sign, from);
    if (found < 0) this.missing.add(sign);
    return found;
  }

  private cite(at: number): Piece | null {
    CITE.lastIndex = at;
    const match = CITE.exec(this.text);
    return match && { end: CITE.lastIndex, parts: [{ type: 'cite', marker: Number(match[1]) }] };
  }

  /** A link, or of an image only its description: nothing is ever loaded for an answer. */
  private link(at: number): Piece | null {
    LINK.lastIndex = at;
    const match = LINK.exec(this.text);
    if (!match) return null;
    const end = LINK.lastIndex;
    const [whole, label = '', address = ''] = match;
    const children = this.depth < MAX_DEPTH ? parseInline(label, MAX_DEPTH) : [label];
    const href = whole.startsWith('!') ? null : safeHref(address);
    return { end, parts: href ? [{ type: 'link', href, children }] : children };
  }

  private address(at: number): Piece | null {
    if (this.depth >= MAX_DEPTH || WORD.test(this.text[at - 1] ?? '')) return null;
    ADDRESS.lastIndex = at;
    const match = ADDRESS.exec(this.text);
    if (!match) return null;
    // A full stop or bracket after an address belongs to the sentence.
    const address = match[0].replace(/[.,;:!?'")\]*_。、，]+$/, '');
    const href = safeHref(address);
    return href ? { end: at + address.length, parts: [{ type: 'link', href, children: [address] }] } : null;
  }
}
