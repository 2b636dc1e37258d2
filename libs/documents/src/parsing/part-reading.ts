import { AppError } from '@app/kernel';
import { type DocumentPart, MAX_PART_NOTICES, type PartNotices, type PartProblem } from './part-notice';
import type { SectionBuilder } from './section-builder';

/** Parts a document is divided into; an archive has no more entries either. What names more than that misses some. */
export const MAX_PARTS = 2_000;

/** `empty`: whole, and made to hold nothing; `cut-off`: some of it is missing, or all. */
export type PartState = 'whole' | 'empty' | 'cut-off';

/** Reads a document part by part, so that one that is damaged costs nothing but itself, and notes which those are. */
export class PartReading {
  private readonly problems = new Map<number, PartProblem>();
  private hasText = false;
  private failure: { readonly cause: unknown } | undefined;

  constructor(private readonly part: DocumentPart) {}

  /**
   * @param number from 1
   * @param read what it throws says that the part is damaged, unless it is a refusal or a limit of the whole document
   * @param problem what is noted then
   * @returns undefined for a part that could not be read
   * @throws AppError, RangeError as `read` does
   */
  async attempt<T>(
    number: number,
    read: () => Promise<T>,
    problem: PartProblem = 'part.unreadable',
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof AppError || cause instanceof RangeError) throw cause;
      this.failure ??= { cause };
      this.note(number, problem);
      return undefined;
    }
  }

  /**
   * Like `attempt`, for a part that writes what it holds to `sections`.
   */
  async write(number: number, sections: SectionBuilder, write: () => Promise<PartState>): Promise<void> {
    const charsBefore = sections.seenChars;
    const state = await this.attempt(number, write);
    if (state === 'cut-off') this.note(number, 'part.unreadable');
    if (state === 'whole' && sections.seenChars === charsBefore) this.note(number, 'part.no-text');
    this.hasText ||= sections.seenChars > charsBefore;
  }

  /** The first problem of a part is the one that counts. */
  note(number: number, problem: PartProblem): void {
    if (!this.problems.has(number)) this.problems.set(number, problem);
  }

  /**
   * @param hasText whether any part gave some; what `write` saw when left out
   * @throws what kept the first damaged part from being read, when there is no text
   */
  notices(hasText = this.hasText): PartNotices | undefined {
    if (!hasText && this.failure) throw this.failure.cause;
    if (this.problems.size === 0) return undefined;
    const items = [...this.problems]
      .sort(([a], [b]) => a - b)
      .slice(0, MAX_PART_NOTICES)
      .map(([number, code]) => ({ part: this.part, number, code }));
    return { total: this.problems.size, items };
  }
}
