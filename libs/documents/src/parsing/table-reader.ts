import { oneLine } from './section-builder';

type Emit = (text: string, separator: '\n' | '\n\n') => void;

/**
 * Rows → lines that keep their meaning without the table around them: `Plan: Pro | Price: 20`, one row a line. The
 * first row is the header when all its cells are header cells. A table that holds headings or other tables is there
 * for layout: its cells become plain blocks.
 */
export class TableReader {
  private header: string[] | undefined;
  private row: string[] = [];
  private isHeaderRow = true;
  private cell: string[] | undefined;
  private isLayout = false;
  private hasRows = false;

  constructor(private readonly emit: Emit) {}

  /** Whether text belongs to a cell now. */
  get isCollecting(): boolean {
    return this.cell !== undefined;
  }

  becomeLayout(): void {
    if (this.isLayout) return;
    this.isLayout = true;
    for (const text of [...this.row, ...(this.cell ?? [])]) this.emit(text, '\n\n');
    this.row = [];
    this.cell = undefined;
  }

  startRow(): void {
    this.endRow();
    this.isHeaderRow = true;
  }

  startCell(isHeader: boolean): void {
    if (this.isLayout) return;
    this.endCell();
    this.cell = [];
    this.isHeaderRow &&= isHeader;
  }

  add(text: string): void {
    this.cell?.push(text);
  }

  endCell(): void {
    if (this.cell === undefined) return;
    this.row.push(this.cell.map(oneLine).join(' '));
    this.cell = undefined;
  }

  endRow(): void {
    this.endCell();
    if (this.row.some(Boolean)) {
      if (this.isHeaderRow && !this.hasRows && this.row.length > 1) this.header = this.row;
      this.emit(this.line(), this.hasRows ? '\n' : '\n\n');
      this.hasRows = true;
    }
    this.row = [];
  }

  private line(): string {
    const { header, row } = this;
    if (!header || header === row || row.length !== header.length) return row.filter(Boolean).join(' | ');
    return row
      .map((cell, i) => (cell && header[i] ? `${header[i]}: ${cell}` : cell))
      .filter(Boolean)
      .join(' | ');
  }
}
