import { AppError } from '@app/kernel';
import { oneLine, type SectionBuilder } from './section-builder';
import { type HtmlAttributes, SkippedText } from './skipped-text';
import { TableReader } from './table-reader';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const BLOCKS = words(
  'address article aside blockquote body caption center details dialog div dl fieldset figcaption figure footer form header hgroup hr html legend li main p search section summary dt dd',
);
const HEADING = /^h([1-6])$/;
const BARE_MARKER = /^(?:-|\d+\.) $/;
/** Real pages nest some dozens deep. Looking up closing tags costs depth, so a tower of tags would cost its square. */
const MAX_DEPTH = 1_000;
type Separator = '\n' | '\n\n';

/**
 * HTML events (htmlparser2) → sections. Streaming: no tree is built, so deep nesting costs no stack.
 * Used for HTML files, for what mammoth makes of Word files, and for HTML inside Markdown.
 */
export class HtmlReader {
  private text = '';
  private depth = 0;
  private titleText: string | undefined;
  private isInTitle = false;
  private isInHead = false;
  private preDepth = 0;
  private separator: Separator = '\n\n';
  /** The number of the last item of each open list; null for bullets. */
  private readonly lists: (number | null)[] = [];
  private headingLevel: number | undefined;
  private readonly tables: TableReader[] = [];

  private readonly skipped: SkippedText;
  private readonly openers: ReadonlyMap<string, () => void> = new Map([
    ['br', () => void (this.text += '\n')],
    ['pre', () => this.openPre()],
    ['ol', () => this.openList(true)],
    ['ul', () => this.openList(false)],
    ['menu', () => this.openList(false)],
    ['li', () => this.openItem()],
    ['dt', () => this.flush('\n\n')],
    ['dd', () => this.flush('\n')],
    ['table', () => this.openTable()],
    ['tr', () => this.openRow()],
    ['th', () => this.openCell(true)],
    ['td', () => this.openCell(false)],
  ]);
  private readonly closers: ReadonlyMap<string, () => void> = new Map([
    ['pre', () => this.closePre()],
    ['ol', () => this.closeList()],
    ['ul', () => this.closeList()],
    ['menu', () => this.closeList()],
    ['table', () => this.closeTable()],
    ['tr', () => this.tables.at(-1)?.endRow()],
    ['th', () => this.closeCell()],
    ['td', () => this.closeCell()],
  ]);

  constructor(private readonly sections: SectionBuilder) {
    this.skipped = new SkippedText(sections);
  }

  /** The content of `<title>`. */
  get title(): string | undefined {
    return this.titleText === undefined ? undefined : oneLine(this.titleText);
  }

  onopentag(name: string, attributes: HtmlAttributes): void {
    if (++this.depth > MAX_DEPTH) throw new AppError('document.too-complex', { detail: 'Its elements nest too deep' });
    if (name === 'head') this.isInHead = true;
    // An svg has titles too.
    if (name === 'title' && this.titleText === undefined && (this.isInHead || !this.skipped.isActive)) {
      this.isInTitle = true;
    }
    if (!this.skipped.enter(name, attributes)) this.open(name);
  }

  onclosetag(name: string): void {
    this.depth--;
    if (name === 'head') this.isInHead = false;
    if (name === 'title') this.isInTitle = false;
    if (!this.skipped.leave()) this.close(name);
  }

  ontext(data: string): void {
    if (this.isInTitle) this.titleText = (this.titleText ?? '') + data;
    if (this.skipped.isActive) this.skipped.text(data.replace(/\s+/g, ' '));
    else this.text += this.preDepth > 0 ? data : data.replace(/\s+/g, ' ');
  }

  onend(): void {
    while (this.tables.length > 0) this.closeTable();
    this.flush();
  }

  private open(name: string): void {
    const handler = this.openers.get(name);
    if (handler) handler();
    else if (HEADING.test(name)) this.openHeading(name);
    else if (BLOCKS.has(name)) this.flush();
  }

  private close(name: string): void {
    const handler = this.closers.get(name);
    if (handler) handler();
    else if (HEADING.test(name)) this.closeHeading();
    else if (BLOCKS.has(name)) this.closeBlock();
  }

  private closeBlock(): void {
    this.flush();
    if (BARE_MARKER.test(this.text)) this.text = ''; // an empty item
  }

  private openPre(): void {
    this.flush();
    this.preDepth++;
  }

  private closePre(): void {
    this.flush();
    this.preDepth--;
  }

  private openList(isOrdered: boolean): void {
    this.flush();
    this.lists.push(isOrdered ? 0 : null);
  }

  private closeList(): void {
    this.closeBlock();
    this.lists.pop();
  }

  private openHeading(name: string): void {
    this.tables.at(-1)?.becomeLayout();
    this.flush();
    this.headingLevel = Number(HEADING.exec(name)?.[1]);
  }

  private closeHeading(): void {
    if (this.headingLevel === undefined) return;
    this.sections.heading(this.headingLevel, this.text);
    this.headingLevel = undefined;
    this.text = '';
  }

  private openItem(): void {
    this.flush('\n');
    const last = this.lists.pop() ?? null;
    this.lists.push(last === null ? null : last + 1);
    this.text = last === null ? '- ' : `${last + 1}. `;
  }

  private openTable(): void {
    this.tables.at(-1)?.becomeLayout();
    this.flush();
    this.tables.push(new TableReader((text, separator) => this.sections.block(text, separator)));
  }

  private openRow(): void {
    this.flush();
    this.tables.at(-1)?.startRow();
  }

  private openCell(isHeader: boolean): void {
    this.flush();
    this.tables.at(-1)?.startCell(isHeader);
  }

  private closeCell(): void {
    this.flush();
    this.tables.at(-1)?.endCell();
  }

  private closeTable(): void {
    this.flush();
    this.tables.pop()?.endRow();
  }

  /** Ends the running block. @param next what will stand before the following one, when it is not a blank line */
  private flush(next?: Separator): void {
    if (this.headingLevel !== undefined) {
      this.text += ' ';
      return;
    }
    if (BARE_MARKER.test(this.text)) return; // a list marker waits for the item's first block
    if (this.text.trim()) {
      const table = this.tables.at(-1);
      if (table?.isCollecting) table.add(this.text);
      else this.sections.block(this.preDepth > 0 ? this.text : withoutDoubleBlanks(this.text), this.separator);
      this.separator = '\n\n';
    }
    this.separator = next ?? this.separator;
    this.text = '';
  }
}

/** Inline elements leave a blank on either side of their borders. */
const withoutDoubleBlanks = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/ ?\n ?/g, '\n');
