import type { PdfLine } from './pdf-lines';
import type { SectionBuilder } from './section-builder';

/** A title is set in larger letters than the text it stands over, in a few short lines. */
const HEADING_SCALE = 1.15;
const MAX_HEADING_CHARS = 150;
/** When more of the text is large than this, size says nothing about structure. */
const MAX_HEADING_SHARE = 0.3;
/** Lines of a paragraph stand about 1.2 sizes apart (single spacing); a gap larger than this starts another. */
const PARAGRAPH_GAP = 1.75;

/** Lines of all pages → headings and paragraphs. */
export class PdfLayout {
  private readonly bodySize: number;
  private readonly headingSizes: number[];

  constructor(
    private readonly pages: readonly (readonly PdfLine[])[],
    private readonly sections: SectionBuilder,
  ) {
    const charsBySize = countBySize(pages.flat());
    this.bodySize = [...charsBySize].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0])[0];
    const larger = [...charsBySize].filter(([size]) => size >= this.bodySize * HEADING_SCALE);
    const total = sum([...charsBySize.values()]);
    const isMeaningful = sum(larger.map(([, chars]) => chars)) <= total * MAX_HEADING_SHARE;
    this.headingSizes = isMeaningful ? larger.map(([size]) => size).sort((a, b) => b - a) : [];
  }

  write(): void {
    this.pages.forEach((lines, i) => {
      this.sections.startPage(i + 1);
      this.writePage(lines);
    });
  }

  private writePage(lines: readonly PdfLine[]): void {
    let paragraph: PdfLine[] = [];
    const end = () => {
      this.writeBlock(paragraph);
      paragraph = [];
    };
    for (const line of lines) {
      const last = paragraph.at(-1);
      if (last && (this.levelOf(last) !== this.levelOf(line) || isApart(last, line))) end();
      paragraph.push(line);
    }
    end();
  }

  private writeBlock(lines: readonly PdfLine[]): void {
    const [first] = lines;
    if (!first) return;
    const level = this.levelOf(first);
    const text = lines.map((line) => line.text).join('\n');
    if (level !== undefined && text.length <= MAX_HEADING_CHARS && /\p{L}/u.test(text))
      this.sections.heading(level, text);
    else this.sections.block(text);
  }

  /** 1 for the largest letters; undefined for text. */
  private levelOf(line: PdfLine): number | undefined {
    const rank = this.headingSizes.indexOf(line.size);
    return rank === -1 ? undefined : Math.min(rank + 1, 6);
  }
}

function isApart(a: PdfLine, b: PdfLine): boolean {
  const gap = a.y - b.y;
  // A column that begins higher up (negative gap) goes on with the paragraph.
  return gap > Math.max(a.size, b.size, 1) * PARAGRAPH_GAP;
}

function countBySize(lines: readonly PdfLine[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { size, text } of lines) counts.set(size, (counts.get(size) ?? 0) + text.length);
  return counts;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
