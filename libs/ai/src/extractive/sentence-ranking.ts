import type { Passage } from '../passage';
import { splitSentences } from '../text/sentences';
import { tokenize } from '../text/tokenize';
import { cosine } from '../vectors/vector-codec';

/** A sentence of a passage and how well it answers the question. */
export interface RankedSentence {
  /** 0-based index of its passage in the request. */
  passage: number;
  /** 0-based index in `splitSentences` of its passage. */
  position: number;
  /** Verbatim. */
  text: string;
  /** About 0–1: half word overlap, half cosine; overlap alone without vectors; less in a passage that was found later. */
  score: number;
  /** Share of the question's words found in the sentence, weighted by how rare they are in the passages, 0–1. */
  overlap: number;
  /** −1 to 1; 0 without vectors. */
  cosine: number;
}

/** A word found only in the headings above a sentence, or in the line that leads to it, counts half. */
const CONTEXT_WEIGHT = 0.5;
/** What a question or a heading in the text passes on to the sentence below it, which is its answer. */
const LEAD_WEIGHT = 0.9;
/** Questions and headings are not answers themselves. */
const NON_ANSWER_WEIGHT = 0.4;
/** How much of a sentence's score depends on how well its passage did in the search. */
const PASSAGE_WEIGHT = 0.7;
/** For a sentence with a number when one is asked for. */
const NUMBER_BONUS = 0.1;
const QUANTITY_QUESTION =
  /\b(?:how (?:much|many|long|often|fast|far|old|big|large|tall|high|soon)|when|what (?:year|date|time|percentage|number|price|phone)|which (?:year|version))\b/iu;
/** A line without a full stop and with fewer words than this is a heading. */
const MIN_SENTENCE_WORDS = 8;

const LIST_ITEM = /^\s*(?:[-*•–|]|\p{N}{1,3}[.)])/u;

/**
 * Every sentence of the passages, best first.
 *
 * ½ idf-overlap + ½ cosine held the answer in the best sentence for 82.5 % of SQuAD questions, in the best three for
 * 91 % (docs/adr/0009). Vectors are taken from `passage.sentenceVectors`; without them only words count.
 */
export function rankSentences(
  question: string,
  vector: Float32Array | undefined,
  passages: readonly Passage[],
): RankedSentence[] {
  const sentences = passages.flatMap((passage, index) => describeSentences(passage, index));
  const rarity = rarityAmong(sentences.map(({ words }) => words));
  const wantedByLanguage = new Map<string | undefined, string[]>();
  const wanted = (language: string | undefined): string[] => {
    const known = wantedByLanguage.get(language) ?? [...new Set(tokenize(question, language))];
    wantedByLanguage.set(language, known);
    return known;
  };
  const bestPassage = Math.max(0, ...passages.map(({ score }) => score));
  const asksForNumber = QUANTITY_QUESTION.test(question);
  const scored = sentences.map((sentence) => {
    const overlap = weighOverlap(wanted(sentence.language), sentence, rarity);
    const similarity = cosine(vector, sentence.vector);
    const hasVectors = vector !== undefined && sentence.vector !== undefined;
    const own = hasVectors ? (overlap + Math.max(0, similarity)) / 2 : overlap;
    const standing = bestPassage === 0 ? 1 : (passages[sentence.passage]?.score ?? 0) / bestPassage;
    const bonus = asksForNumber && /\p{N}/u.test(sentence.text) ? NUMBER_BONUS : 0;
    return { ...sentence, overlap, cosine: similarity, score: own * (1 - PASSAGE_WEIGHT * (1 - standing)) + bonus };
  });
  return passOn(scored)
    .map(({ passage, position, text, score, overlap, cosine: similarity }) => {
      return { passage, position, text, score, overlap, cosine: similarity };
    })
    .sort((a, b) => b.score - a.score);
}

interface DescribedSentence {
  passage: number;
  position: number;
  text: string;
  language: string | undefined;
  words: ReadonlySet<string>;
  context: ReadonlySet<string>;
  vector: Float32Array | undefined;
}

function describeSentences(passage: Passage, index: number): DescribedSentence[] {
  const { language, headingPath, documentTitle, aliases = [] } = passage;
  const texts = splitSentences(passage.text, language);
  const vectors = passage.sentenceVectors?.length === texts.length ? passage.sentenceVectors : [];
  const heading = tokenize([documentTitle, ...headingPath, ...aliases].join(' '), language);
  const lead = tokenize(texts[0] ?? '', language);
  return texts.map((text, position) => ({
    passage: index,
    position,
    text,
    language,
    words: new Set(tokenize(text, language)),
    context: new Set([...heading, ...lead]),
    vector: vectors[position],
  }));
}

/** BM25's idf over the sentences at hand. */
function rarityAmong(sentences: readonly ReadonlySet<string>[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => {
    const count = counts.get(word) ?? 0;
    return Math.log(1 + (sentences.length - count + 0.5) / (count + 0.5));
  };
}

function weighOverlap(
  wanted: readonly string[],
  sentence: DescribedSentence,
  rarity: (word: string) => number,
): number {
  let total = 0;
  let found = 0;
  for (const word of wanted) {
    const weight = rarity(word);
    total += weight;
    if (sentence.words.has(word)) found += weight;
    else if (sentence.context.has(word)) found += weight * CONTEXT_WEIGHT;
  }
  return total === 0 ? 0 : found / total;
}

type Scored = DescribedSentence & { score: number; overlap: number; cosine: number };

/** A question or heading hands its score to the next sentence of its passage and steps back. */
function passOn(sentences: readonly Scored[]): Scored[] {
  return sentences.map((sentence, i) => {
    const before = sentences[i - 1];
    const lead = before?.passage === sentence.passage && isLead(before.text) ? before.score * LEAD_WEIGHT : 0;
    const own = isLead(sentence.text) ? sentence.score * NON_ANSWER_WEIGHT : sentence.score;
    return { ...sentence, score: Math.max(own, lead) };
  });
}

/** A question, or a short line without a full stop: it announces what follows. `Region: North` does not. */
export function isLead(text: string): boolean {
  if (/[?？؟:：]$/u.test(text)) return true;
  const isComplete =
    /[.!。！।؛…)\]"”]$/u.test(text) || LIST_ITEM.test(text) || /[:：|]\s*\S/u.test(text) || /\p{N}/u.test(text);
  return !isComplete && text.split(/\s+/).length < MIN_SENTENCE_WORDS;
}
