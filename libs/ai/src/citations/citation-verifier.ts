import type { Passage } from '../passage';
import { splitSentences } from '../text/sentences';
import { tokenize } from '../text/tokenize';

export interface VerifiedCitation {
  /** The number written in the sentence: 1-based into the passages. */
  marker: number;
  passage: Passage;
  /** The passage sentences that support the sentence, verbatim: a slice of `passage.text`. */
  quote: string;
  /** Share of the sentence's informative words the quote holds, 0–1. */
  support: number;
}

export interface VerifiedSentence {
  isSupported: boolean;
  /**
   * The sentence with its supported markers only. A sentence that had none, or only wrong ones, gets that of the passage
   * that supports it, if there is one.
   */
  text: string;
  citations: VerifiedCitation[];
}

const MARKER = /\s*\[(\d{1,3})\]/g;
const LIST_LABEL = /^\s*(?:[-*•–]|\p{N}{1,3}[.)])\s+/u;
/** Half of the informative words: a paraphrase keeps names and nouns. Measured on extracts with words exchanged. */
const MIN_SUPPORT = 0.5;
/** A passage that was not cited must support the sentence more clearly. */
const MIN_UNCITED_SUPPORT = 0.7;
/** Sentences in a row that may support one sentence together. */
const MAX_QUOTED_SENTENCES = 3;
/** A quote shorter than this is shown with what stands beside it: a bare table cell says little. */
const MIN_QUOTE_CHARS = 60;

interface PassageWords {
  /** Verbatim, with where they begin in the text. */
  sentences: { text: string; start: number; words: ReadonlySet<string> }[];
  /** Words of the title and the headings: context the sentence may name. */
  heading: ReadonlySet<string>;
  all: ReadonlySet<string>;
}

/**
 * Checks an answer sentence by sentence against the passages it cites: enough of its informative words, and every number,
 * must stand there. Synchronous; no model is asked.
 */
export class CitationVerifier {
  private readonly known = new WeakMap<Passage, PassageWords>();

  /**
   * @param sentence one complete sentence with its `[n]` markers.
   * @param passages the passages of the request, in the order the markers count.
   */
  verify(sentence: string, passages: readonly Passage[]): VerifiedSentence {
    const claim = sentence.replace(MARKER, '').trim();
    const markers = new Set([...sentence.matchAll(MARKER)].map((match) => Number(match[1])));
    const cited = [...markers].flatMap((marker) => this.cite(claim, marker, passages, MIN_SUPPORT));
    const citations = cited.length > 0 ? cited : this.search(claim, passages);
    const written = citations.map(({ marker }) => `[${String(marker)}]`).join('');
    return { isSupported: citations.length > 0, text: written ? `${claim} ${written}` : claim, citations };
  }

  /** The one passage that supports a sentence best, if it does so clearly. */
  private search(claim: string, passages: readonly Passage[]): VerifiedCitation[] {
    return passages
      .flatMap((_, i) => this.cite(claim, i + 1, passages, MIN_UNCITED_SUPPORT))
      .sort((a, b) => b.support - a.support)
      .slice(0, 1);
  }

  private cite(claim: string, marker: number, passages: readonly Passage[], minimum: number): VerifiedCitation[] {
    const passage = passages[marker - 1];
    if (!passage) return [];
    const wanted = [...new Set(tokenize(claim.replace(LIST_LABEL, ''), passage.language))];
    const found = this.wordsOf(passage);
    const inventsNumber = wanted.some(
      (word) => /\p{N}/u.test(word) && !found.all.has(word) && !found.heading.has(word),
    );
    if (wanted.length === 0 || inventsNumber) return [];
    const best = bestStretch(wanted, found);
    if (!best || best.support < minimum) return [];
    return [{ marker, passage, quote: quoteOf(passage.text, found, best), support: best.support }];
  }

  private wordsOf(passage: Passage): PassageWords {
    let found = this.known.get(passage);
    if (!found) {
      found = readPassage(passage);
      this.known.set(passage, found);
    }
    return found;
  }
}

function readPassage({ text, language, documentTitle, headingPath }: Passage): PassageWords {
  let end = 0;
  const sentences = splitSentences(text, language).map((sentence) => {
    const start = text.indexOf(sentence, end);
    end = start + sentence.length;
    return { text: sentence, start, words: new Set(tokenize(sentence, language)) };
  });
  const heading = new Set(tokenize([documentTitle, ...headingPath].join('\n'), language));
  return { sentences, heading, all: new Set(sentences.flatMap(({ words }) => [...words])) };
}

interface Stretch {
  from: number;
  to: number;
  support: number;
}

/** The shortest run of sentences that holds most of the words. Words of the headings count as held everywhere. */
function bestStretch(wanted: readonly string[], { sentences, heading }: PassageWords): Stretch | null {
  let best: Stretch | null = null;
  for (let length = 1; length <= MAX_QUOTED_SENTENCES; length++) {
    for (let from = 0; from + length <= sentences.length; from++) {
      const stretch = sentences.slice(from, from + length);
      const inText = wanted.filter((word) => stretch.some(({ words }) => words.has(word)));
      const held = wanted.filter((word) => heading.has(word) || inText.includes(word));
      // A longer stretch must add a word of its own, and headings alone support nothing.
      const support = inText.length === 0 ? 0 : held.length / wanted.length;
      if (support > (best?.support ?? 0)) best = { from, to: from + length - 1, support };
    }
  }
  return best;
}

/** The stretch, with its neighbours when it is too short to say anything by itself. */
function quoteOf(text: string, { sentences }: PassageWords, { from, to }: Stretch): string {
  let first = from;
  let last = to;
  const slice = (): string => {
    const end = sentences[last];
    return end ? text.slice(sentences[first]?.start, end.start + end.text.length) : '';
  };
  while (slice().length < MIN_QUOTE_CHARS && (last < sentences.length - 1 || first > 0)) {
    if (last < sentences.length - 1) last += 1;
    else first -= 1;
  }
  return slice();
}
