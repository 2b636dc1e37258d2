import type { VerifiedCitation, VerifiedSentence } from '@app/ai';
import type { Citation } from '@app/chat-protocol';

interface Cited {
  readonly marker: number;
  readonly citation: VerifiedCitation;
  /** Where the quoted words lie in the passage. */
  start: number;
  end: number;
}

const MARKER = /\[(\d{1,3})\]/g;

/**
 * The answer so far: the verified text and what it cites. Markers are counted in the order of their first use, because
 * a reader who meets `[3]` looks for `[1]`; one marker stands for one passage.
 */
export class AnswerDraft {
  private written = '';
  private readonly quoted: Citation[] = [];
  private readonly cited = new Map<number, Cited>();

  get text(): string {
    return this.written;
  }

  /** @param separator the white space before the sentence */
  add(separator: string, sentence: VerifiedSentence): void {
    for (const citation of sentence.citations) this.cite(citation);
    const text = sentence.text.replace(MARKER, (_, passage: string) => this.label(Number(passage)));
    this.addText((this.written === '' ? '' : separator || ' ') + text);
  }

  /** Adds text that cites nothing: a refusal. */
  addText(text: string): void {
    this.written += text;
  }

  /** Puts a text that stands as it is, markers and all, with what it is taken from. */
  quote(text: string, source: Citation): void {
    this.addText(text);
    this.quoted.push(source);
  }

  citations(): Citation[] {
    return [...this.quoted, ...this.citedPassages()];
  }

  private citedPassages(): Citation[] {
    return [...this.cited.values()].map(({ marker, citation: { passage, quote }, start, end }) => ({
      marker,
      documentId: passage.documentId,
      documentTitle: passage.documentTitle,
      version: passage.version,
      headingPath: passage.headingPath,
      quote: start < 0 ? quote : passage.text.slice(start, end),
      ...(passage.page !== undefined && { page: passage.page }),
      ...(passage.url !== undefined && { url: passage.url }),
    }));
  }

  /** A second sentence from the same passage widens the quote to the verbatim stretch that holds both. */
  private cite(citation: VerifiedCitation): void {
    const start = citation.passage.text.indexOf(citation.quote);
    const end = start + citation.quote.length;
    const known = this.cited.get(citation.marker);
    if (!known) {
      this.cited.set(citation.marker, { marker: this.cited.size + 1, citation, start, end });
    } else if (start >= 0 && known.start >= 0) {
      known.start = Math.min(known.start, start);
      known.end = Math.max(known.end, end);
    }
  }

  private label(passage: number): string {
    const marker = this.cited.get(passage)?.marker;
    return marker === undefined ? '' : `[${marker}]`;
  }
}
