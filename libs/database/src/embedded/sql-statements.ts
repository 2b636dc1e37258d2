/** Where text outside statements begins and ends, by PostgreSQL's lexical rules (docs, 4.1 "Lexical Structure"). */
const IDENTIFIER = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const SPACE = /[ \t\n\r\f\v]+/y;

/**
 * The words and signs of each statement of `sql`, lower case, without comments and without the insides of strings.
 * Strings become `'`, quoted identifiers `"`, so that neither can pass for a word. It assumes
 * `standard_conforming_strings = on`, which no client of the bridge can change.
 */
export function sqlStatements(sql: string): string[][] {
  const statements: string[][] = [];
  let tokens: string[] = [];
  for (let at = 0; at < sql.length;) {
    const { token, end } = nextToken(sql, at);
    at = end;
    if (token === ';') {
      statements.push(tokens);
      tokens = [];
    } else if (token !== '') {
      tokens.push(token);
    }
  }
  statements.push(tokens);
  return statements.filter((statement) => statement.length > 0);
}

interface Token {
  /** Empty for space and comments. */
  token: string;
  end: number;
}

function nextToken(sql: string, at: number): Token {
  const skipped = endOfSpaceOrComment(sql, at);
  if (skipped > at) return { token: '', end: skipped };
  const char = sql.charAt(at);
  if (char === "'") return { token: "'", end: endOfQuoted(sql, at + 1, "'", false) };
  if (char === '"') return { token: '"', end: endOfQuoted(sql, at + 1, '"', false) };
  const dollar = match(DOLLAR_TAG, sql, at);
  if (dollar) return { token: "'", end: endAfter(sql, dollar, at + dollar.length) };
  const word = match(IDENTIFIER, sql, at);
  if (word) return wordToken(sql, word, at + word.length);
  return { token: char, end: at + 1 };
}

/** A word, or the string that `e`, `b`, `x`, `n` or `u&` introduces. */
function wordToken(sql: string, word: string, end: number): Token {
  const lower = word.toLowerCase();
  if (sql.charAt(end) === "'" && ['e', 'b', 'x', 'n'].includes(lower)) {
    return { token: "'", end: endOfQuoted(sql, end + 1, "'", lower === 'e') };
  }
  return { token: lower, end };
}

function endOfSpaceOrComment(sql: string, at: number): number {
  const space = match(SPACE, sql, at);
  if (space) return at + space.length;
  if (sql.startsWith('--', at)) {
    const rest = sql.slice(at).search(/[\r\n]/);
    return rest < 0 ? sql.length : at + rest;
  }
  return sql.startsWith('/*', at) ? endOfBlockComment(sql, at) : at;
}

/** Block comments nest. */
function endOfBlockComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length;) {
    if (sql.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else {
      at += 1;
    }
  }
  return sql.length;
}

/** A doubled quote is a quote inside; a backslash escapes only in `E'…'`. */
function endOfQuoted(sql: string, start: number, quote: string, hasEscapes: boolean): number {
  for (let at = start; at < sql.length; at += 1) {
    const char = sql.charAt(at);
    if (hasEscapes && char === '\\') at += 1;
    else if (char === quote && sql.charAt(at + 1) === quote) at += 1;
    else if (char === quote) return at + 1;
  }
  return sql.length;
}

function endAfter(sql: string, closing: string, from: number): number {
  const found = sql.indexOf(closing, from);
  return found < 0 ? sql.length : found + closing.length;
}

function match(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}
