import { splitSentences } from '@app/ai';

/** One sentence with its citation markers, and the white space that stood before it. */
export interface CutSentence {
  readonly separator: string;
  readonly text: string;
}

/** A citation marker, or the beginning of one at the end of what has come so far. */
const MARKERS = /\[\d{1,3}\]|\[\d{0,3}$/g;
const FOLLOWING_MARKERS = /^(?:\s*\[\d{1,3}\])+/;

/**
 * Cuts streamed text into sentences as they complete. A sentence is complete when the next one has begun, because
 * its markers (`… end. [1][2]`) may still be on their way.
 */
export class SentenceCutter {
  private pending = '';

  /** @param language ISO 639-1 of the text, for the rules of segmentation. */
  constructor(private readonly language: string | null) {}

  /** Takes the next piece of the stream; gives the sentences it completed. */
  push(piece: string): CutSentence[] {
    this.pending += piece;
    return this.cut(1);
  }

  /** The stream has ended: whatever is left is complete. */
  end(): CutSentence[] {
    return this.cut(0);
  }

  private cut(keepLast: 0 | 1): CutSentence[] {
    const sentences = this.locate();
    const complete = keepLast === 1 ? sentences.slice(0, -1) : sentences;
    const last = complete.at(-1);
    if (last) this.pending = this.pending.slice(last.end);
    return complete.map(({ separator, text }) => ({ separator, text }));
  }

  private locate(): (CutSentence & { end: number })[] {
    // Rules of segmentation know no markers: `。[` would end a sentence. Spaces in their place keep all positions.
    const masked = this.pending.replace(MARKERS, (marker) => ' '.repeat(marker.length));
    const located: (CutSentence & { end: number })[] = [];
    let cursor = 0;
    let begin = 0;
    for (const part of splitSentences(masked, this.language)) {
      const at = masked.indexOf(part, cursor);
      // Only if the splitter stopped giving verbatim slices; then the rest stays one sentence.
      if (at < 0) break;
      cursor = at + part.length;
      const end = cursor + (FOLLOWING_MARKERS.exec(this.pending.slice(cursor))?.[0].length ?? 0);
      const slice = this.pending.slice(begin, end);
      const text = slice.trimStart();
      located.push({ separator: slice.slice(0, slice.length - text.length), text, end });
      begin = end;
    }
    return located;
  }
}
