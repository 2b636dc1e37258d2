import { oneLine } from './section-builder';

export interface GridCell {
  /** 0-based. */
  readonly column: number;
  readonly text: string;
}

type Emit = (text: string, separator: '\n' | '\n\n') => void;

const MAX_HEADER_CHARS = 100;
const NUMBER = /^[\p{Sc}\s(+-]*\d[\d.,'\s]*[%)\p{Sc}\s]*$/u;
/** Years head columns as often as words do. */
const YEAR = /^(?:19|20)\d\d$/;
const DATE = /^\d{4}-\d\d-\d\d/;

/**
 * Rows of cells → lines that keep their meaning without the rows above them: `Plan: Pro | Price: 20`. Formats that do
 * not mark their header row get the first row that looks like one: several cells, all words or years, no two alike,
 * with a row below.
 */
export class GridWriter {
  private header: ReadonlyMap<number, string> | undefined;
  /** A row that may be a header when another one follows it. */
  private candidate: GridCell[] | undefined;
  private isAfterGap = true;

  constructor(private readonly emit: Emit) {}

  /** @param isHeader what the file says; undefined when it does not say */
  row(row: readonly GridCell[], isHeader?: boolean): void {
    const cells = row.map(({ column, text }) => ({ column, text: oneLine(text) })).filter(({ text }) => text);
    if (cells.length === 0) return this.gap();
    this.settleCandidate(cells);
    if (isHeader === true || (isHeader === undefined && this.mayBeHeader(cells))) this.candidate = cells;
    else this.write(cells, this.header);
  }

  /** An empty row. What follows may be another table with a header of its own. */
  gap(): void {
    this.settleCandidate([]);
    this.isAfterGap = true;
  }

  end(): void {
    this.gap();
    this.header = undefined;
  }

  private mayBeHeader(cells: readonly GridCell[]): boolean {
    if (this.header && (!this.isAfterGap || cells.every(({ column }) => this.header?.has(column)))) return false;
    return looksLikeHeader(cells);
  }

  /** @param next the row below; empty when there is none */
  private settleCandidate(next: readonly GridCell[]): void {
    const { candidate } = this;
    if (!candidate) return;
    this.candidate = undefined;
    const names = new Map(candidate.map(({ column, text }) => [column, text]));
    // Two words over a row of ten cells are the second line of something else.
    const named = next.filter(({ column }) => names.has(column)).length;
    if (next.length > 0 && named * 2 >= next.length) this.header = names;
    this.write(candidate, undefined);
  }

  private write(cells: readonly GridCell[], header: ReadonlyMap<number, string> | undefined): void {
    const parts = cells.map(({ column, text }) => {
      const name = header?.get(column);
      return name === undefined ? text : `${name.replace(/:$/, '')}: ${text}`;
    });
    this.emit(parts.join(' | '), this.isAfterGap ? '\n\n' : '\n');
    this.isAfterGap = false;
  }
}

function looksLikeHeader(cells: readonly GridCell[]): boolean {
  const texts = cells.map(({ text }) => text);
  if (texts.length < 2 || new Set(texts).size < texts.length) return false;
  // A colon ends the name of a value beside it, not of those below.
  if (texts.some((text) => text.length > MAX_HEADER_CHARS || text.endsWith(':') || DATE.test(text))) return false;
  return texts.every((text) => !NUMBER.test(text) || YEAR.test(text)) && texts.some((text) => !NUMBER.test(text));
}
