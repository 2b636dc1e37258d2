import { AppError } from '@app/kernel';
import { type InvisibleText, invisibleTextIn } from './invisible-text';
import type { ParsedSection } from './parsed-document';

/** Deeper headings are kept at this depth: a path is shown to people and prefixed to every chunk. */
const MAX_LEVEL = 6;
const MAX_HEADING_CHARS = 200;
/** What the child process may answer with (ADR 0008). One stored word can stand in a million cells, under as many headers. */
const MAX_TEXT_CHARS = 5 * 1024 * 1024;

/** Invisible text is reported to people, who have seen enough by then. */
const MAX_INVISIBLE = 20;

/** Collects headings and blocks in reading order and cuts them into sections. */
export class SectionBuilder {
  private readonly sections: ParsedSection[] = [];
  private readonly asides: ParsedSection[] = [];
  private readonly path: { level: number; title: string }[] = [];
  private blocks = '';
  private page: number | undefined;
  private writtenChars = 0;
  private headingChars = 0;
  private asideChars = 0;
  /** A heading nothing was written under yet; without text of its own it would be lost. */
  private bareHeading: string | undefined;
  /** Belongs to the section that comes next. */
  private invisible: InvisibleText[] = [];
  private invisibleCount = 0;

  /** Characters of all that came, wherever it went: it grows with every heading and every text that is not blank. */
  get seenChars(): number {
    return this.writtenChars + this.headingChars + this.asideChars;
  }

  /** @param level 1–6, 1 outermost */
  heading(level: number, title: string): void {
    const text = oneLine(title);
    if (!text) return;
    this.close(level > (this.path.at(-1)?.level ?? 0));
    this.noteInvisible(title);
    this.headingChars += text.length;
    while ((this.path.at(-1)?.level ?? 0) >= level) this.path.pop();
    this.path.push({ level: Math.min(level, MAX_LEVEL), title: text.slice(0, MAX_HEADING_CHARS) });
    this.bareHeading = text;
  }

  /** What follows is under no heading that was before: another slide, sheet or chapter file. */
  leaveHeadings(): void {
    this.close(false);
    this.path.length = 0;
  }

  /** What follows is on this page. */
  startPage(page: number): void {
    this.close(true);
    this.page = page;
  }

  /** @param separator what stands between this block and the one before it: a line break keeps rows and items together */
  block(text: string, separator: '\n' | '\n\n' = '\n\n'): void {
    this.noteInvisible(text);
    const clean = tidy(text);
    if (!clean) return;
    this.count(clean);
    this.blocks += this.blocks ? separator + clean : clean;
    this.bareHeading = undefined;
  }

  /** Text the file does not show. It is reported in a section of its own. */
  hidden(text: string): void {
    this.noteInvisible(text);
    const clean = tidy(text);
    this.count(clean);
    if (clean) this.sections.push({ ...this.place(), text: clean, isHidden: true, ...this.takeInvisible() });
  }

  /**
   * Text that leads to other pages (navigation). Kept, because some names stand only there, but in sections of its own
   * after all others, away from the text it stood beside.
   */
  aside(text: string): void {
    const clean = tidy(text.replace(/ *\n */g, '\n').replace(/\n{2,}/g, '\n'));
    if (!clean) return;
    this.asideChars += clean.length;
    this.asides.push({ headingPath: [], text: clean });
  }

  /** Remembers what `tidy` takes out of a text, for callers that tidy it themselves. */
  noteInvisible(text: string): void {
    if (this.invisibleCount >= MAX_INVISIBLE) return;
    const found = invisibleTextIn(text).slice(0, MAX_INVISIBLE - this.invisibleCount);
    this.invisibleCount += found.length;
    this.invisible.push(...found);
  }

  build(): ParsedSection[] {
    this.close(false);
    return [...this.sections, ...this.asides];
  }

  private count({ length }: string): void {
    this.writtenChars += length;
    if (this.writtenChars > MAX_TEXT_CHARS) {
      throw new AppError('document.too-complex', { detail: 'It holds too much text' });
    }
  }

  private close(isFollowedByOwnContent: boolean): void {
    if (!this.blocks && this.bareHeading !== undefined && !isFollowedByOwnContent) {
      this.path.pop();
      this.blocks = this.bareHeading;
    }
    if (this.blocks) this.sections.push({ ...this.place(), text: this.blocks, ...this.takeInvisible() });
    this.blocks = '';
    if (!isFollowedByOwnContent) this.bareHeading = undefined;
  }

  private takeInvisible(): { invisible?: readonly InvisibleText[] } {
    if (this.invisible.length === 0) return {};
    const invisible = this.invisible;
    this.invisible = [];
    return { invisible };
  }

  private place(): { headingPath: string[]; page?: number } {
    const headingPath = this.path.map(({ title }) => title);
    return this.page === undefined ? { headingPath } : { headingPath, page: this.page };
  }
}

export const oneLine = (text: string): string => tidy(text).replace(/\s+/g, ' ');

/** Invisible characters that carry instructions or spoil matching; joiners that scripts need (U+200C, U+200D) stay. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
/** And private use, for icon fonts, and halves of pairs, which no database takes. */
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]|\p{Co}|\p{Cs}/gu;

/** Text as a person reads it: no control or invisible characters, no trailing blanks, at most one empty line. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?|\f|\u2028|\u2029/g, '\n')
    .replace(CONTROL, ' ')
    .replace(INVISIBLE, '')
    .split('\n')
    .map((line) => line.trimEnd()) // a pattern for blanks at line ends would be quadratic in a long run of blanks
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
