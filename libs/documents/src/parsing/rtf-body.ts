import { type GridCell, GridWriter } from './grid-writer';
import type { SectionBuilder } from './section-builder';

const NUMBER = /^\(?(\d{1,4}|[a-z])[.)]/i;

/** Paragraphs, list items, table rows and notes of a document, as their ends are met. */
export class RtfBody {
  private text = '';
  private hidden = '';
  private marker: string | undefined;
  private isInMarker = false;
  private isAfterItem = false;
  private level: number | undefined;
  private isInTable = false;
  private isHeaderRow = false;
  private row: GridCell[] = [];
  private outer: string | undefined;
  private readonly notes: string[] = [];
  private readonly grid: GridWriter;

  constructor(private readonly sections: SectionBuilder) {
    this.grid = new GridWriter((text, separator) => sections.block(text, separator));
  }

  add(text: string): void {
    if (this.isInMarker) this.marker = (this.marker ?? '') + text;
    else this.text += text;
  }

  addHidden(text: string): void {
    this.hidden += text;
  }

  startMarker(): void {
    this.isInMarker = true;
    this.marker = '';
  }

  endMarker(): void {
    this.isInMarker = false;
  }

  /** A note stands in the middle of its paragraph and is read after it. */
  startNote(): void {
    this.outer ??= this.text;
    this.text = '';
  }

  endNote(): void {
    this.notes.push(this.text);
    this.text = this.outer ?? '';
    this.outer = undefined;
  }

  /** @param level undefined for text */
  heading(level: number | undefined): void {
    this.level = level !== undefined && level <= 6 ? level : undefined;
  }

  /** Back to a paragraph without properties. */
  startPlain(): void {
    this.level = undefined;
    this.isInTable = false;
  }

  inTable(): void {
    this.isInTable = true;
  }

  startRow(): void {
    this.isHeaderRow = false;
  }

  headerRow(): void {
    this.isHeaderRow = true;
  }

  endCell(): void {
    this.row.push({ column: this.row.length, text: this.takeMarker() + this.text });
    this.text = '';
  }

  endRow(): void {
    this.grid.row(this.row, this.isHeaderRow ? true : undefined);
    this.row = [];
  }

  endParagraph(): void {
    if (this.outer !== undefined || this.isInTable || this.row.length > 0) {
      this.text += '\n';
      return;
    }
    this.flushHidden();
    const isItem = this.marker !== undefined && this.marker.trim() !== '';
    const text = this.text.trim();
    this.text = '';
    if (text) this.write(text, isItem);
    this.takeMarker();
    for (const note of this.notes.splice(0)) this.sections.block(note);
  }

  end(): void {
    if (this.outer !== undefined) this.endNote();
    if (this.row.length > 0) this.endRow();
    this.isInTable = false;
    this.endParagraph();
    this.grid.end();
  }

  private write(text: string, isItem: boolean): void {
    this.grid.end();
    if (this.level !== undefined) this.sections.heading(this.level, text);
    else this.sections.block(this.takeMarker() + text, isItem && this.isAfterItem ? '\n' : '\n\n');
    this.isAfterItem = isItem && this.level === undefined;
  }

  /** Markers are written out: letters of symbol fonts for bullets, numbers with their sign. */
  private takeMarker(): string {
    const marker = this.marker?.trim();
    this.marker = undefined;
    if (!marker) return '';
    const number = NUMBER.exec(marker)?.[1];
    return number === undefined ? '- ' : `${number}. `;
  }

  private flushHidden(): void {
    this.sections.hidden(this.hidden);
    this.hidden = '';
  }
}
