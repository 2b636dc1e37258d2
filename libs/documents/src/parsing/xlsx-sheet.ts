import type { XmlAttributes, XmlHandler } from '../formats/read-xml';
import type { GridCell } from './grid-writer';
import { type CellStyle, GENERAL } from './xlsx-formats';
import type { XlsxNumbers } from './xlsx-numbers';

/** Columns of a sheet (A to XFD). */
const MAX_COLUMNS = 16_384;
const MERGED =
  /<(?:[^\s<>/:]+:)?mergeCell\s[^<>]{0,200}?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']/g;
const MAX_MERGED = 10_000;
/** Characters that XML cannot hold are written as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
const ESCAPED = /_x([0-9a-f]{4})_/gi;

export const unescapeText = (text: string): string =>
  text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

export interface SheetSink {
  /** @param isAfterGap whether rows without anything lie before this one */
  row(cells: readonly GridCell[], isAfterGap: boolean): void;
  hidden(text: string): void;
}

export interface WorkbookTables {
  readonly strings: readonly string[];
  readonly styles: readonly CellStyle[];
  readonly numbers: XlsxNumbers;
}

/** SpreadsheetML of one sheet → its rows, one after the other. What the sheet does not show goes to `hidden`. */
export class XlsxSheet implements XmlHandler {
  private readonly hiddenColumns: { from: number; to: number }[] = [];
  /** Last row of each cell that reaches down, by its column and row. */
  private readonly merged: ReadonlyMap<string, number>;
  private readonly reaching = new Map<number, { from: number; to: number; text: string }>();
  private rowNumber = 0;
  private lastShownRow = 0;
  private isRowHidden = false;
  private cells: GridCell[] = [];
  private column = -1;
  private type = 'n';
  private style: CellStyle | undefined;
  private value = '';
  private isInValue = false;
  private phoneticDepth = 0;

  constructor(
    source: string,
    private readonly tables: WorkbookTables,
    private readonly sink: SheetSink,
  ) {
    this.merged = mergedColumns(source);
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'rPh') this.phoneticDepth++;
    else if (name === 'col') this.columns(attributes);
    else if (name === 'row') this.startRow(attributes);
    else if (name === 'c') this.startCell(attributes);
    else if (name === 'v' || name === 't') this.isInValue = true;
  }

  close(name: string): void {
    if (name === 'rPh') this.phoneticDepth--;
    else if (name === 'v' || name === 't') this.isInValue = false;
    else if (name === 'c') this.endCell();
    else if (name === 'row') this.endRow();
  }

  text(data: string): void {
    if (this.isInValue && this.phoneticDepth === 0) this.value += data;
  }

  private columns({ min, max, hidden }: XmlAttributes): void {
    if (isTrue(hidden)) this.hiddenColumns.push({ from: Number(min) - 1, to: Number(max) - 1 });
  }

  private startRow({ r, hidden }: XmlAttributes): void {
    this.rowNumber = r === undefined ? this.rowNumber + 1 : Number(r);
    this.isRowHidden = isTrue(hidden);
    this.cells = [];
    this.column = -1;
  }

  private startCell({ r, t, s }: XmlAttributes): void {
    this.column = r === undefined ? this.column + 1 : columnOf(r);
    this.type = t ?? 'n';
    this.style = this.tables.styles[Number(s ?? 0)];
    this.value = '';
  }

  private endCell(): void {
    const text = this.shown();
    if (!text.trim() || this.column >= MAX_COLUMNS) return;
    const isHidden = this.style?.isHidden === true || this.isColumnHidden();
    if (!isHidden) this.remember(text);
    if (this.isRowHidden || isHidden) this.sink.hidden(text);
    else this.cells.push({ column: this.column, text });
  }

  private shown(): string {
    const { value } = this;
    if (this.type === 's') return this.tables.strings[Number(value)] ?? '';
    if (this.type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (this.type === 'e') return ''; // #N/A and its like say nothing
    if (this.type === 'd')
      return value
        .replace('T00:00:00', '')
        .replace('T', ' ')
        .replace(/\.0*Z?$/, '');
    if (this.type === 'n') return this.tables.numbers.show(value, this.style?.format ?? GENERAL);
    return unescapeText(value);
  }

  private endRow(): void {
    for (const [column, { from, to, text }] of this.reaching) {
      if (this.rowNumber > to) this.reaching.delete(column);
      else if (this.rowNumber > from && this.cells.length > 0) this.cells.push({ column, text });
    }
    if (this.cells.length === 0) return;
    const isAfterGap = this.rowNumber > this.lastShownRow + 1;
    this.sink.row(
      this.cells.sort((a, b) => a.column - b.column),
      isAfterGap,
    );
    this.lastShownRow = this.rowNumber;
  }

  /** A cell that reaches over rows below it stands for each of them. */
  private remember(text: string): void {
    const to = this.merged.get(`${this.column}:${this.rowNumber}`);
    if (to !== undefined) this.reaching.set(this.column, { from: this.rowNumber, to, text });
  }

  private isColumnHidden(): boolean {
    return this.hiddenColumns.some(({ from, to }) => this.column >= from && this.column <= to);
  }
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** `AB12` → 27 */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^\$?([A-Z]{1,3})/i.exec(reference)?.[1]?.toUpperCase() ?? '') {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
}

/** Merged cells of one column and several rows. The file lists them after the rows they belong to. */
function mergedColumns(source: string): ReadonlyMap<string, number> {
  const merged = new Map<string, number>();
  let count = 0;
  for (const [, left = '', top, right = '', bottom] of source.matchAll(MERGED)) {
    if (++count > MAX_MERGED) break;
    if (left === right && top !== bottom) merged.set(`${columnOf(left)}:${Number(top)}`, Number(bottom));
  }
  return merged;
}
