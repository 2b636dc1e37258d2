import type { PdfTextItem } from './pdf-lines';

export interface WrittenText {
  readonly text: string;
  readonly isInvisible: boolean;
}

/** Below this, in points, letters are not meant to be read. */
const MIN_LETTER_POINTS = 2;
/** When both sides cannot be aligned, a shorter piece could be found by chance. */
const MIN_TELLING_CHARS = 8;

/**
 * Parts a page's text into what is shown and what is not.
 * A page whose whole text is invisible is a scan with a text layer: that is what the picture says, and it is kept.
 *
 * @param view the shown part of the page: left, lower, right, upper, in points
 */
export function splitHidden(
  items: readonly PdfTextItem[],
  written: readonly WrittenText[],
  view: readonly number[],
): { shown: PdfTextItem[]; hidden: string } {
  const isInvisible = invisibilityOf(items, written);
  const isHidden = (item: PdfTextItem): boolean =>
    item.str.trim() !== '' && (isTiny(item) || isOutside(item, view) || isInvisible.has(item));
  const shown = items.filter((item) => !isHidden(item));
  if (!shown.some(({ str }) => str.trim())) return { shown: [...items], hidden: '' };
  return {
    shown,
    hidden: items
      .filter(isHidden)
      .map(({ str }) => str)
      .join(' '),
  };
}

function isTiny({ transform }: PdfTextItem): boolean {
  return Math.hypot(transform[2] ?? 0, transform[3] ?? 0) < MIN_LETTER_POINTS;
}

/** @param view left, lower, right and upper edge of what is shown of the page, in points */
function isOutside(
  { transform, width }: PdfTextItem,
  [left = 0, lower = 0, right = 0, upper = 0]: readonly number[],
): boolean {
  const [x, y] = [transform[4] ?? 0, transform[5] ?? 0];
  return x > right || x + width < left || y > upper || y + Math.abs(transform[3] ?? 0) < lower;
}

function invisibilityOf(items: readonly PdfTextItem[], written: readonly WrittenText[]): ReadonlySet<PdfTextItem> {
  if (!written.some((part) => part.isInvisible)) return new Set();
  const ranges: { start: number; end: number }[] = [];
  let all = '';
  for (const { text, isInvisible } of written) {
    const start = all.length;
    all += bare(text);
    if (isInvisible) ranges.push({ start, end: all.length });
  }
  const isAligned = bare(items.map(({ str }) => str).join('')) === all;
  return isAligned ? byPosition(items, ranges) : byText(items, written);
}

/** Both list the page's text in the same order, so positions decide. */
function byPosition(
  items: readonly PdfTextItem[],
  ranges: readonly { start: number; end: number }[],
): ReadonlySet<PdfTextItem> {
  const found = new Set<PdfTextItem>();
  let position = 0;
  let next = 0;
  for (const item of items) {
    while (position >= (ranges[next]?.end ?? Infinity)) next++;
    if (position >= (ranges[next]?.start ?? Infinity)) found.add(item);
    position += bare(item.str).length;
  }
  return found;
}

function byText(items: readonly PdfTextItem[], written: readonly WrittenText[]): ReadonlySet<PdfTextItem> {
  const invisible = bare(written.map(({ text, isInvisible }) => (isInvisible ? text : ' ')).join(''));
  return new Set(items.filter(({ str }) => bare(str).length >= MIN_TELLING_CHARS && invisible.includes(bare(str))));
}

/** Ligatures and blanks differ between the two sources. */
const bare = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');
