import { questionTerms, type QuestionTerm, tokenize } from '@app/ai';
import { Bm25Index } from './bm25-index';
import type { IndexedPassage } from './indexed-passage';
import { VectorStore } from './vector-store';

/** Lucene's defaults; k1 .9–1.5 and b .4–.75 were tried on the tuning sets and these won (docs/adr/0009). */
const BM25 = { k1: 1.2, b: 0.75 };
/** A word of the title or a heading counts as one more occurrence in the text; 2 gains nothing on the tuning sets. */
const HEADING_WEIGHT = 1;
/** A language of fewer of the passages than this is a slip of the detector, not a language people ask in. */
const MIN_LANGUAGE_SHARE = 0.02;
const MIN_SPARSE_SLOTS = 1_000;

/** What the legs say, by slot. */
export interface LegScores {
  /** BM25; 0 where no word of the question occurs. */
  lexical: Float64Array;
  /** null when words alone are searched; NaN where a passage has no comparable vector. */
  cosine: Float32Array | null;
}

export interface IndexQuery {
  terms: readonly QuestionTerm[];
  /** null searches words alone. */
  vector: Float32Array | null;
}

interface Entry {
  id: string;
  language: string;
}

/** All passages of one workspace, searchable by words and vectors. Knows nothing of tenants: its owner does. */
export class PassageIndex {
  private readonly bm25 = new Bm25Index(BM25);
  private readonly vectors: VectorStore;
  /** By slot; undefined where a passage was removed. */
  private readonly entries: (Entry | undefined)[] = [];
  private entryCount = 0;
  private readonly slotsByDocument = new Map<string, number[]>();
  private readonly languages = new Map<string, number>();

  constructor(dimensions: number) {
    this.vectors = new VectorStore(dimensions);
  }

  get size(): number {
    return this.entryCount;
  }

  /** Whether so much was removed that a new index would be half the size. */
  get isSparse(): boolean {
    return this.entries.length > 2 * this.size + MIN_SPARSE_SLOTS;
  }

  /** Rough memory held. */
  get bytes(): number {
    return this.bm25.bytes + this.vectors.bytes + this.entries.length * 200;
  }

  /** The languages of the passages, the most frequent first. */
  get passageLanguages(): string[] {
    return [...this.languages]
      .filter(([, count]) => count >= this.size * MIN_LANGUAGE_SHARE)
      .sort(([, a], [, b]) => b - a)
      .map(([language]) => language);
  }

  add(passage: IndexedPassage): void {
    const slot = this.entries.length;
    const language = passage.language ?? 'en';
    // A document is often named after its first heading: count that once.
    const headings = new Set([passage.documentTitle, ...passage.headingPath, ...(passage.aliases ?? [])]);
    const heading = tokenize([...headings].join('\n'), language);
    const frequencies = new Map<string, number>();
    for (const word of tokenize(passage.text, language)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
    for (const word of heading) frequencies.set(word, (frequencies.get(word) ?? 0) + HEADING_WEIGHT);
    this.bm25.add(slot, frequencies);
    this.vectors.set(slot, passage.vector);
    this.entries.push({ id: passage.id, language });
    this.entryCount += 1;
    this.languages.set(language, (this.languages.get(language) ?? 0) + 1);
    const slots = this.slotsByDocument.get(passage.documentId);
    if (slots) slots.push(slot);
    else this.slotsByDocument.set(passage.documentId, [slot]);
  }

  removeDocuments(documentIds: Iterable<string>): void {
    const slots = new Set<number>();
    for (const id of documentIds) {
      for (const slot of this.slotsByDocument.get(id) ?? []) slots.add(slot);
      this.slotsByDocument.delete(id);
    }
    if (slots.size === 0) return;
    this.bm25.remove(slots);
    for (const slot of slots) {
      const language = this.entries[slot]?.language ?? '';
      this.languages.set(language, (this.languages.get(language) ?? 1) - 1);
      this.entries[slot] = undefined;
      this.entryCount -= 1;
      this.vectors.clear(slot);
    }
  }

  /** The question's words as this index writes its own. */
  termsOf(question: string, language: string | null): QuestionTerm[] {
    return questionTerms(question, language, this.passageLanguages);
  }

  /** How rare a word is here: idf of its commonest form, times its weight. */
  rarity({ forms, weight }: QuestionTerm): number {
    return Math.min(...forms.map((form) => this.idfOf(form, forms))) * weight;
  }

  /** Whether any passage has the word. */
  isKnown({ forms }: QuestionTerm): boolean {
    return forms.some((form) => this.bm25.documentFrequency(form) > 0);
  }

  /** The chunk in a slot; undefined when it was removed. */
  idAt(slot: number): string | undefined {
    return this.entries[slot]?.id;
  }

  search({ terms, vector }: IndexQuery): LegScores {
    const lexical = new Float64Array(this.entries.length);
    for (const { forms, weight } of terms) this.bm25.score(forms, lexical, weight);
    return { lexical, cosine: vector ? this.vectors.cosines(vector, this.entries.length) : null };
  }

  /** The highest BM25 score the words could reach: every word present many times in a short passage. */
  bestPossibleScore(terms: readonly QuestionTerm[]): number {
    return terms.reduce((sum, term) => sum + this.rarity(term), 0) * (BM25.k1 + 1);
  }

  /** A form that occurs nowhere says nothing while another form of the word occurs. */
  private idfOf(form: string, forms: readonly string[]): number {
    const isUnused =
      this.bm25.documentFrequency(form) === 0 && forms.some((other) => this.bm25.documentFrequency(other) > 0);
    return isUnused ? Infinity : this.bm25.idf(form);
  }
}
