import type { XmlAttributes, XmlHandler } from '../formats/read-xml';
import { isUnseen } from './colours';
import { type GridCell, GridWriter } from './grid-writer';
import { ListNumbers } from './list-numbers';
import type { OdtStyle, OdtStyles } from './odt-styles';
import type { SectionBuilder } from './section-builder';

/** Deleted text, remarks, numbers of notes, indexes of what stands elsewhere, and what is not text. */
const DROPPED = new Set(
  'tracked-changes annotation annotation-end note-citation table-of-content forms scripts automatic-styles font-face-decls ruby-text desc title binary-data'.split(
    ' ',
  ),
);
/** What has a filling of its own, which styles of shapes decide. */
const SHAPES = new Set('frame text-box custom-shape rect ellipse circle polygon path caption g'.split(' '));
const MAX_SPACES = 100;

interface Paragraph {
  text: string;
  readonly level: number | undefined;
}

interface Look {
  readonly colour: string | undefined;
  readonly backdrop: string | undefined;
}

/** OpenDocument text (`content.xml`) → sections. */
export class OdtReader implements XmlHandler {
  private readonly paragraphs: Paragraph[] = [];
  private readonly lists: { style: string | undefined; marker: string | undefined }[] = [];
  private readonly numbers = new ListNumbers();
  private readonly grid: GridWriter;
  /** For every open element whether it is dropped or hidden; text takes the state of the innermost. */
  private readonly states: ('shown' | 'hidden' | 'dropped')[] = [];
  /** For every open element, beside `states`. */
  private readonly looks: Look[] = [];
  private notes: string[] = [];
  private noteDepth = 0;
  private tableDepth = 0;
  private headerDepth = 0;
  private row: GridCell[] = [];
  private cell: string[] | undefined;
  private column = 0;
  private hiddenText = '';
  private isInList = false;

  private readonly openers: Readonly<Record<string, (attributes: XmlAttributes) => void>> = {
    h: (attributes) => this.startParagraph(Number(attributes['outline-level'] ?? 1) || 1),
    p: (attributes) => this.startParagraph(this.styles.styleOf(attributes['style-name']).isTitle ? 1 : undefined),
    s: ({ c }) => this.add(' '.repeat(Math.min(Number(c ?? 1) || 1, MAX_SPACES))),
    tab: () => this.add(' '),
    'line-break': () => this.add('\n'),
    list: (attributes) => this.startList(attributes['style-name']),
    'list-item': () => this.startItem(),
    note: () => void this.noteDepth++,
    table: () => this.startTable(),
    'table-header-rows': () => void this.headerDepth++,
    'table-row': () => this.startRow(),
    'table-cell': () => this.startCell(),
    'covered-table-cell': () => void (this.column += Number(this.tableDepth === 1)),
  };
  private readonly closers: Readonly<Record<string, () => void>> = {
    h: () => this.endParagraph(),
    p: () => this.endParagraph(),
    list: () => this.endList(),
    note: () => void this.noteDepth--,
    table: () => this.endTable(),
    'table-header-rows': () => void this.headerDepth--,
    'table-row': () => this.endRow(),
    'table-cell': () => this.endCell(),
  };

  constructor(
    private readonly sections: SectionBuilder,
    private readonly styles: OdtStyles,
  ) {
    this.grid = new GridWriter((text, separator) => sections.block(text, separator));
  }

  open(name: string, attributes: XmlAttributes): void {
    const around = this.states.at(-1) ?? 'shown';
    this.looks.push(this.lookOf(name, this.styles.styleOf(attributes['style-name'])));
    const state = around === 'dropped' || DROPPED.has(name) ? 'dropped' : this.stateOf(name, attributes, around);
    this.states.push(state);
    if (state !== 'dropped' && Object.hasOwn(this.openers, name)) this.openers[name]?.(attributes);
  }

  close(name: string): void {
    const wasHidden = this.isHiding;
    const state = this.states.pop();
    this.looks.pop();
    if (state !== 'dropped' && Object.hasOwn(this.closers, name)) this.closers[name]?.();
    if (wasHidden && !this.isHiding) this.flushHidden();
  }

  text(data: string): void {
    if (this.states.at(-1) !== 'dropped' && this.paragraphs.length > 0) this.add(data.replace(/\s+/g, ' '));
  }

  /** Whether nobody sees what is written now. */
  private get isHiding(): boolean {
    const look = this.looks.at(-1);
    return this.states.at(-1) === 'hidden' || isUnseen(look?.colour, look?.backdrop);
  }

  private lookOf(name: string, { colour, backdrop }: OdtStyle): Look {
    const around = this.looks.at(-1) ?? { colour: undefined, backdrop: this.styles.page };
    const behind = SHAPES.has(name) ? 'unknown' : around.backdrop;
    return { colour: colour ?? around.colour, backdrop: backdrop ?? behind };
  }

  private stateOf(name: string, attributes: XmlAttributes, around: 'shown' | 'hidden'): 'shown' | 'hidden' {
    if (around === 'hidden' || this.styles.styleOf(attributes['style-name']).isHidden) return 'hidden';
    if (attributes['display'] === 'none' || /^(?:collapse|filter)$/.test(attributes['visibility'] ?? ''))
      return 'hidden';
    const isField = name === 'hidden-text' || name === 'hidden-paragraph';
    return isField && attributes['is-hidden'] !== 'false' ? 'hidden' : 'shown';
  }

  private startParagraph(level: number | undefined): void {
    // A frame in a paragraph holds paragraphs of its own.
    this.paragraphs.push({ text: '', level });
  }

  private endParagraph(): void {
    const paragraph = this.paragraphs.pop();
    if (this.isHiding) this.hiddenText += '\n';
    if (!paragraph?.text.trim()) return;
    if (this.noteDepth > 0) this.notes.push(paragraph.text);
    else if (this.cell) this.cell.push(paragraph.text);
    else this.write(paragraph);
    if (this.paragraphs.length === 0 && this.noteDepth === 0 && !this.cell) this.flushNotes();
  }

  private write({ text, level }: Paragraph): void {
    if (level !== undefined) return this.sections.heading(level, text);
    const item = this.lists.findLast(({ marker }) => marker !== undefined);
    const isFollowing = this.isInList && item !== undefined;
    this.sections.block((item?.marker ?? '') + text.trim(), isFollowing ? '\n' : '\n\n');
    if (item) item.marker = undefined; // further paragraphs of the item have none
    this.isInList = this.lists.length > 0;
  }

  private startList(style: string | undefined): void {
    if (this.lists.length === 0) this.numbers.restart();
    this.lists.push({ style: style ?? this.lists.at(-1)?.style, marker: undefined });
  }

  private startItem(): void {
    const list = this.lists.at(-1);
    const level = this.lists.length - 1;
    if (list) list.marker = this.numbers.next(level, this.styles.isNumbered(list.style, level));
  }

  private endList(): void {
    this.lists.pop();
    if (this.lists.length === 0) this.isInList = false;
  }

  private startTable(): void {
    this.tableDepth++;
  }

  private endTable(): void {
    if (--this.tableDepth > 0) return;
    this.grid.end();
    this.flushNotes();
  }

  private startRow(): void {
    if (this.tableDepth > 1) return; // a table in a cell is text of the cell
    this.row = [];
    this.column = 0;
  }

  private startCell(): void {
    if (this.tableDepth === 1) this.cell = [];
  }

  private endCell(): void {
    if (this.tableDepth > 1 || !this.cell) return;
    this.row.push({ column: this.column++, text: this.cell.join(' ') });
    this.cell = undefined;
  }

  private endRow(): void {
    if (this.tableDepth === 1) this.grid.row(this.row, this.headerDepth > 0 ? true : undefined);
  }

  private add(text: string): void {
    if (this.isHiding) this.hiddenText += text;
    else {
      const paragraph = this.paragraphs.at(-1);
      if (paragraph) paragraph.text += text;
    }
  }

  private flushNotes(): void {
    for (const note of this.notes) this.sections.block(note);
    this.notes = [];
  }

  private flushHidden(): void {
    this.sections.hidden(this.hiddenText);
    this.hiddenText = '';
  }
}
