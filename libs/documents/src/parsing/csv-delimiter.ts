/** Most usual first: of two that fit alike, the earlier one wins. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Excel writes and reads which sign separates in a first line of its own. */
const NAMED = /^sep=([,;\t|])\r?\n/i;
const SAMPLE_CHARS = 64 * 1024;
const SAMPLE_LINES = 50;

/**
 * Which sign separates the cells: the one that most lines hold the same number of times, outside of quotes.
 * @returns the sign, and the text without the line that names it
 */
export function delimiterOf(text: string): { delimiter: string; rows: string } {
  const named = NAMED.exec(text);
  if (named?.[1]) return { delimiter: named[1], rows: text.slice(named[0].length) };
  const lines = text
    .slice(0, SAMPLE_CHARS)
    .replace(/"[^"]*"/g, '')
    .split(/\r\n?|\n/)
    .filter((line) => line.trim())
    .slice(0, SAMPLE_LINES);
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, score: agreement(lines, delimiter) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return { delimiter: best.delimiter, rows: text };
}

/** Lines that hold the sign as often as most lines that hold it do; the more cells, the surer. */
function agreement(lines: readonly string[], delimiter: string): number {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const count = line.split(delimiter).length - 1;
    if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  return Math.max(0, ...[...counts].map(([count, matches]) => matches + Math.min(count, 10) / 100));
}
