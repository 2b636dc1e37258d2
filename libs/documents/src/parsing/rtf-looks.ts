import { isUnseen, WHITE } from './colours';

/** What a place in the text says of its colours: indexes in the file's table, 0 where it says nothing. */
export interface RtfLook {
  letters: number;
  behindLetters: number;
  behindParagraph: number;
}

/** Colours of an RTF file: its table, and where a place in the text takes which (Rich Text Format 1.9.1). */
export class RtfLooks {
  private readonly table: (string | undefined)[] = [];
  private channels: Partial<Record<string, number>> = {};
  /** A page with a picture or colour behind it, a row with filled cells: which letters stand on it is not known. */
  private isPageFilled = false;
  private isRowFilled = false;

  /** Inside `\colortbl`. */
  channel(name: string, value: number): void {
    this.channels[name] = Math.max(0, Math.min(value, 255));
  }

  /** A semicolon ends a colour; the first is usually left out, which is the reader's own. */
  endColours(text: string): void {
    for (const sign of text) {
      if (sign !== ';') continue;
      const { red, green, blue } = this.channels;
      const isGiven = red !== undefined || green !== undefined || blue !== undefined;
      const hex = [red, green, blue].map((value = 0) => value.toString(16).padStart(2, '0')).join('');
      this.table.push(isGiven ? hex : undefined);
      this.channels = {};
    }
  }

  fillPage(): void {
    this.isPageFilled = true;
  }

  startRow(): void {
    this.isRowFilled = false;
  }

  fillCell(colour: number): void {
    this.isRowFilled ||= colour !== 0 && !isUnseen(this.table[colour], WHITE);
  }

  isUnseen({ letters, behindLetters, behindParagraph }: RtfLook, isInShape: boolean): boolean {
    const behind = behindLetters || behindParagraph;
    if (behind !== 0) return isUnseen(this.table[letters], this.table[behind]);
    return !isInShape && !this.isPageFilled && !this.isRowFilled && isUnseen(this.table[letters], WHITE);
  }
}

export const PLAIN_LOOK: RtfLook = { letters: 0, behindLetters: 0, behindParagraph: 0 };
