/** Parameters of Okapi BM25 (Robertson & Zaragoza 2009). */
export interface Bm25Parameters {
  /** How fast repeats of a word stop counting. */
  readonly k1: number;
  /** How much length matters, 0–1. */
  readonly b: number;
}

/** Which entries hold a word, and how often: two parallel lists. */
interface Postings {
  slots: number[];
  frequencies: number[];
}

/**
 * BM25 over numbered entries, kept in memory. Frequencies may be fractions: fields are weighted by adding a word more than
 * once. Removing is exact; nothing of an entry is left behind.
 */
export class Bm25Index {
  private readonly postings = new Map<string, Postings>();
  /** By slot; 0 where there is no entry. */
  private readonly lengths: number[] = [];
  private entryCount = 0;
  private totalLength = 0;
  private postingCount = 0;

  constructor(private readonly parameters: Bm25Parameters) {}

  get size(): number {
    return this.entryCount;
  }

  /** Rough bytes held: two doubles a posting, and a map entry with its string a word. */
  get bytes(): number {
    return this.postingCount * 16 + this.postings.size * 120 + this.lengths.length * 8;
  }

  add(slot: number, frequencies: ReadonlyMap<string, number>): void {
    let length = 0;
    for (const [word, frequency] of frequencies) {
      length += frequency;
      let postings = this.postings.get(word);
      if (!postings) this.postings.set(word, (postings = { slots: [], frequencies: [] }));
      postings.slots.push(slot);
      postings.frequencies.push(frequency);
      this.postingCount += 1;
    }
    this.lengths[slot] = length;
    this.entryCount += 1;
    this.totalLength += length;
  }

  /** @param removed slots that were added before. One pass over all words, so remove many at once. */
  remove(removed: ReadonlySet<number>): void {
    for (const slot of removed) {
      this.totalLength -= this.lengths[slot] ?? 0;
      this.lengths[slot] = 0;
      this.entryCount -= 1;
    }
    for (const [word, { slots, frequencies }] of this.postings) {
      if (!slots.some((slot) => removed.has(slot))) continue;
      const kept = slots.flatMap((slot, i) => (removed.has(slot) ? [] : [i]));
      this.postingCount -= slots.length - kept.length;
      if (kept.length === 0) this.postings.delete(word);
      else
        this.postings.set(word, {
          slots: kept.map((i) => slots[i] ?? 0),
          frequencies: kept.map((i) => frequencies[i] ?? 0),
        });
    }
  }

  /** Entries that hold the word. */
  documentFrequency(word: string): number {
    return this.postings.get(word)?.slots.length ?? 0;
  }

  /** Lucene's idf: never negative. */
  idf(word: string): number {
    const frequency = this.documentFrequency(word);
    return Math.log(1 + (this.size - frequency + 0.5) / (frequency + 0.5));
  }

  /** Adds the BM25 score of the words, times the weight, to `scores`, by slot. `scores` has room for every slot. */
  score(words: readonly string[], scores: Float64Array, weight = 1): void {
    const { k1, b } = this.parameters;
    const averageLength = this.totalLength / Math.max(1, this.size);
    for (const word of words) {
      const postings = this.postings.get(word);
      if (!postings) continue;
      const scale = weight * this.idf(word) * (k1 + 1);
      for (let i = 0; i < postings.slots.length; i++) {
        const slot = postings.slots[i] ?? 0;
        const frequency = postings.frequencies[i] ?? 0;
        const length = (this.lengths[slot] ?? 0) / averageLength;
        scores[slot] = (scores[slot] ?? 0) + (scale * frequency) / (frequency + k1 * (1 - b + b * length));
      }
    }
  }
}
