import type { PdfLine } from './pdf-lines';

/** Lines from the top and from the bottom of a page where headers and footers stand. */
const MARGIN_LINES = 2;
/** A line in the margin of this many pages, and of this share of them, is not part of the text. */
const MIN_PAGES = 3;
const MIN_SHARE = 0.5;

/**
 * Pages without the lines that run along at their top or bottom ("Acme Manual", "Page 3 of 10"): they part sentences
 * and fill every passage with the same words. The first time such a line appears it stays.
 */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): PdfLine[][] {
  const pagesByText = new Map<string, number>();
  for (const lines of pages) {
    for (const text of new Set(marginOf(lines).map(shapeOf))) pagesByText.set(text, (pagesByText.get(text) ?? 0) + 1);
  }
  const needed = Math.max(MIN_PAGES, pages.length * MIN_SHARE);
  const seen = new Set<string>();
  return pages.map((lines) => {
    const margin = new Set(marginOf(lines));
    return lines.filter((line) => {
      const text = shapeOf(line);
      if (!margin.has(line) || (pagesByText.get(text) ?? 0) < needed) return true;
      const isFirst = !seen.has(text);
      seen.add(text);
      return isFirst;
    });
  });
}

const marginOf = (lines: readonly PdfLine[]): PdfLine[] => [
  ...lines.slice(0, MARGIN_LINES),
  ...lines.slice(Math.max(MARGIN_LINES, lines.length - MARGIN_LINES)),
];

/** Page numbers change, the rest does not. */
const shapeOf = ({ text }: PdfLine): string => text.replace(/\p{N}+/gu, '#');
