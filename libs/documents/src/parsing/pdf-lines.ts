/** The part of pdf.js' text item that is used here. */
export interface PdfTextItem {
  readonly str: string;
  /** a b c d e f of the text matrix: e, f is where it stands, in points from the lower left. */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

export interface PdfLine {
  readonly text: string;
  /** Size of most of its letters, in points, rounded to halves. */
  readonly size: number;
  /** Baseline, in points from the lower edge of the page. */
  readonly y: number;
}

/** Items in content order → lines. pdf.js says where a line ends and puts blanks between distant items. */
export function toLines(items: readonly PdfTextItem[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let pending: PdfTextItem[] = [];
  for (const item of items) {
    pending.push(item);
    if (!item.hasEOL) continue;
    lines.push(...toLine(pending));
    pending = [];
  }
  return [...lines, ...toLine(pending)];
}

function toLine(items: readonly PdfTextItem[]): PdfLine[] {
  const text = items
    .map(({ str }) => str)
    .join('')
    .trim();
  const first = items.find(({ str }) => str.trim());
  if (!text || !first) return [];
  const longest = items.reduce((a, b) => (b.str.length > a.str.length ? b : a), first);
  return [{ text, size: sizeOf(longest), y: first.transform[5] ?? 0 }];
}

function sizeOf({ transform }: PdfTextItem): number {
  return Math.round(Math.hypot(transform[2] ?? 0, transform[3] ?? 0) * 2) / 2;
}
