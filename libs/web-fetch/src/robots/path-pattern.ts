const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/**
 * Makes spellings of a path equal (RFC 9309, 2.2.2): escapes in upper case, none for characters that need none, and one
 * for everything outside ASCII.
 */
export function normalizePath(path: string): string {
  return path
    .replace(/[^\x21-\x7e]+/g, (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'))
    .replace(/%[0-9a-f]{2}/gi, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return UNRESERVED.test(character) ? character : escape.toUpperCase();
    });
}

/**
 * The path of a rule: it matches what starts with it, `*` stands for anything and `$` at the end for the end (RFC 9309,
 * 2.2.3). Between stars the earliest place is always good enough, so that a match takes one walk over the path however
 * many stars there are: the rules are a stranger's, and so are the paths.
 */
export class PathPattern {
  readonly length: number;
  private readonly parts: readonly string[];
  private readonly isAnchored: boolean;

  constructor(pattern: string) {
    this.length = pattern.length;
    this.isAnchored = pattern.endsWith('$');
    this.parts = normalizePath(this.isAnchored ? pattern.slice(0, -1) : pattern).split(/\*+/);
  }

  /** @param path as `normalizePath` gives it, with its query */
  matches(path: string): boolean {
    const [start = '', ...rest] = this.parts;
    if (!path.startsWith(start)) return false;
    const last = this.isAnchored ? rest.pop() : undefined;
    if (this.isAnchored && last === undefined) return path.length === start.length;
    let end = start.length;
    for (const part of rest) {
      const at = path.indexOf(part, end);
      if (at < 0) return false;
      end = at + part.length;
    }
    return last === undefined || (path.endsWith(last) && path.length - last.length >= end);
  }
}
