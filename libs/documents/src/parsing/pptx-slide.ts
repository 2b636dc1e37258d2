import { relationIdOf } from '../formats/package-relations';
import type { XmlAttributes, XmlHandler } from '../formats/read-xml';
import type { GridCell } from './grid-writer';

/** Text runs of up to 2 pt nobody can read; in hundredths of a point (ECMA-376 part 1, 20.1.10.72). */
const UNREADABLE_SIZE = 200;
const SHAPES = new Set(['sp', 'graphicFrame', 'pic', 'cxnSp', 'grpSp']);
/** Placeholders that repeat on every slide. */
const RUNNING = new Set(['dt', 'ftr', 'hdr', 'sldNum']);
const TITLES = new Set(['title', 'ctrTitle']);
/** Placeholders whose paragraphs are list items unless they say otherwise; no type means `obj`. */
const OUTLINES = new Set(['obj', 'body']);
const RUNNING_FIELD = /^(?:slidenum|datetime)/;

export interface SlideSize {
  readonly width: number;
  readonly height: number;
}

export interface SlideParagraph {
  text: string;
  /** 0 outermost. */
  level: number;
  bullet: 'inherited' | 'none' | 'sign' | 'number';
  startAt: number;
}

export interface SlideShape {
  kind: 'title' | 'outline' | 'text';
  isHidden: boolean;
  isRunning: boolean;
  readonly paragraphs: SlideParagraph[];
  readonly rows: GridCell[][];
  hasHeaderRow: boolean;
}

/** DrawingML of one slide → its shapes with text, in the order they are drawn. Positions are in EMU. */
export class PptxSlide implements XmlHandler {
  readonly shapes: SlideShape[] = [];
  /** Relation ids of charts and of the data of diagrams. */
  readonly charts: string[] = [];
  readonly diagrams: string[] = [];
  isHidden = false;
  /** Text of runs that are too small to read. */
  hiddenText = '';

  private readonly nested: SlideShape[] = [];
  private paragraph: SlideParagraph | undefined;
  private row: GridCell[] | undefined;
  private cellText: string | undefined;
  private column = 0;
  private isUnreadable = false;
  private isInText = false;
  private isInRunningField = false;
  private fallbackDepth = 0;
  private offset: { x: number; y: number } | undefined;

  private readonly openers: Readonly<Record<string, (attributes: XmlAttributes) => void>> = {
    sld: ({ show }) => void (this.isHidden = isFalse(show)),
    cNvPr: ({ hidden }) => this.hideShape(hidden !== undefined && !isFalse(hidden)),
    ph: ({ type }) => this.placeholder(type ?? 'obj'),
    off: ({ x, y }) => void (this.offset = { x: Number(x), y: Number(y) }),
    ext: ({ cx, cy }) => this.extent(Number(cx), Number(cy)),
    tblPr: ({ firstRow }) => this.tableProperties(firstRow !== undefined && !isFalse(firstRow)),
    tr: () => this.startRow(),
    tc: () => void (this.cellText = ''),
    p: () => void (this.paragraph = { text: '', level: 0, bullet: 'inherited', startAt: 1 }),
    pPr: ({ lvl }) => this.change({ level: Math.min(Number(lvl ?? 0) || 0, 8) }),
    buNone: () => this.change({ bullet: 'none' }),
    buChar: () => this.change({ bullet: 'sign' }),
    buBlip: () => this.change({ bullet: 'sign' }),
    buAutoNum: ({ startAt }) => this.change({ bullet: 'number', startAt: Number(startAt ?? 1) || 1 }),
    br: () => this.add('\n'),
    tab: () => this.add(' '),
    fld: ({ type }) => void (this.isInRunningField = RUNNING_FIELD.test(type ?? '')),
    r: () => void (this.isUnreadable = false),
    rPr: ({ sz }) => void (this.isUnreadable = sz !== undefined && Number(sz) <= UNREADABLE_SIZE),
    t: () => void (this.isInText = true),
    chart: (attributes) => this.note(this.charts, relationIdOf(attributes)),
    relIds: (attributes) => this.note(this.diagrams, relationIdOf(attributes, 'dm')),
  };
  private readonly closers: Readonly<Record<string, () => void>> = {
    t: () => void (this.isInText = false),
    fld: () => void (this.isInRunningField = false),
    p: () => this.endParagraph(),
    tc: () => this.endCell(),
    tr: () => this.endRow(),
  };

  constructor(private readonly size: SlideSize) {}

  open(name: string, attributes: XmlAttributes): void {
    // The same content again, for programs that do not know the first one (ECMA-376 part 3, 9.3).
    if (name === 'Fallback' || this.fallbackDepth > 0) return void this.fallbackDepth++;
    if (SHAPES.has(name)) this.startShape();
    else if (Object.hasOwn(this.openers, name)) this.openers[name]?.(attributes);
  }

  close(name: string): void {
    if (this.fallbackDepth > 0) return void this.fallbackDepth--;
    if (SHAPES.has(name)) this.nested.pop();
    else if (Object.hasOwn(this.closers, name)) this.closers[name]?.();
  }

  text(data: string): void {
    if (this.isInText && this.fallbackDepth === 0 && !this.isInRunningField) this.add(data);
  }

  private get shape(): SlideShape | undefined {
    return this.nested.at(-1);
  }

  private startShape(): void {
    const isHidden = this.shape?.isHidden ?? false; // what is in a hidden group is hidden
    const shape: SlideShape = {
      kind: 'text',
      isHidden,
      isRunning: false,
      paragraphs: [],
      rows: [],
      hasHeaderRow: false,
    };
    this.nested.push(shape);
    this.shapes.push(shape);
    this.offset = undefined;
  }

  private placeholder(type: string): void {
    if (!this.shape) return;
    this.shape.isRunning = RUNNING.has(type);
    if (TITLES.has(type)) this.shape.kind = 'title';
    else if (OUTLINES.has(type)) this.shape.kind = 'outline';
  }

  private hideShape(isHidden: boolean): void {
    if (this.shape && isHidden) this.shape.isHidden = true;
  }

  /** Off the slide. Positions in a group are in the group's own measure and not looked at. */
  private extent(width: number, height: number): void {
    const { offset } = this;
    if (!offset || this.nested.length !== 1 || Number.isNaN(width)) return;
    this.offset = undefined;
    const isOff = offset.x + width < 0 || offset.y + height < 0;
    this.hideShape(isOff || offset.x > this.size.width || offset.y > this.size.height);
  }

  private tableProperties(hasHeaderRow: boolean): void {
    if (this.shape) this.shape.hasHeaderRow = hasHeaderRow;
  }

  private startRow(): void {
    this.row = [];
    this.column = 0;
  }

  private endCell(): void {
    if (this.cellText !== undefined) this.row?.push({ column: this.column, text: this.cellText });
    // Cells that a wider one covers are written too (`hMerge`), so a column is one cell whatever its span.
    this.column++;
    this.cellText = undefined;
  }

  private endRow(): void {
    if (this.row) this.shape?.rows.push(this.row);
    this.row = undefined;
  }

  private change(properties: Partial<SlideParagraph>): void {
    if (this.paragraph) Object.assign(this.paragraph, properties);
  }

  private add(text: string): void {
    if (!this.paragraph) return;
    if (this.isUnreadable && text !== '\n') this.hiddenText += text;
    else this.paragraph.text += text;
  }

  private endParagraph(): void {
    const { paragraph } = this;
    this.paragraph = undefined;
    this.isUnreadable = false;
    if (!paragraph?.text.trim()) return;
    if (this.cellText !== undefined) this.cellText += `${paragraph.text} `;
    else this.shape?.paragraphs.push(paragraph);
  }

  private note(list: string[], id: string | undefined): void {
    if (id !== undefined && !this.shape?.isHidden) list.push(id);
  }
}

const isFalse = (value: string | undefined): boolean => value === '0' || value === 'false' || value === 'off';
