import { splitSentences } from '@app/ai';
import type { ParsedSection } from '../parsing/parsed-document';
import { countTokens, cutByTokens } from './token-count';

/** A passage answers best when it holds one thought and its surroundings: 200–350 words (docs/adr/0009). */
export const MIN_CHUNK_TOKENS = 200;
export const MAX_CHUNK_TOKENS = 350;
/** The sentence before the cut is repeated when it is short, so that "it" and "this" keep what they refer to. */
const MAX_OVERLAP_TOKENS = 40;
/** A remainder this small says little alone; the piece before it may grow by so much. */
const MAX_TAIL_TOKENS = 50;

/** A piece of one section, a verbatim slice of its text. */
export interface Piece {
  readonly headingPath: readonly string[];
  readonly page?: number;
  readonly text: string;
  readonly tokens: number;
}

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly startsParagraph: boolean;
}

/** Cuts a section between sentences, preferably between paragraphs. */
export function packSection(section: ParsedSection): Piece[] {
  const groups = group(unitsOf(section.text));
  return groups.map((units) => {
    const text = section.text.slice(units[0]?.start, units.at(-1)?.end);
    return { headingPath: section.headingPath, page: section.page, text, tokens: sum(units) };
  });
}

function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let position = 0;
  for (const paragraph of text.split('\n\n')) {
    let startsParagraph = true;
    for (const sentence of splitSentences(paragraph)) {
      for (const slice of countTokens(sentence) > MAX_CHUNK_TOKENS
        ? cutByTokens(sentence, MIN_CHUNK_TOKENS)
        : [sentence]) {
        // Sentences are verbatim slices in order. One that is not found (it cannot happen) would follow the last one.
        const start = Math.max(text.indexOf(slice, position), position);
        position = start + slice.length;
        units.push({ start, end: position, tokens: countTokens(slice), startsParagraph });
        startsParagraph = false;
      }
    }
  }
  return units;
}

function group(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  let current: Unit[] = [];
  for (const unit of units) {
    const size = sum(current);
    const isFull = size + unit.tokens > MAX_CHUNK_TOKENS || (size >= MIN_CHUNK_TOKENS && unit.startsParagraph);
    if (isFull && current.length > 0) {
      groups.push(current);
      current = unit.startsParagraph ? [] : overlapOf(current);
    }
    current.push(unit);
  }
  const last = groups.at(-1);
  if (last && sum(current) <= MAX_TAIL_TOKENS) last.push(...current.filter((unit) => !last.includes(unit)));
  else if (current.length > 0) groups.push(current);
  return groups;
}

function overlapOf(units: readonly Unit[]): Unit[] {
  const last = units.at(-1);
  return last && units.length > 1 && last.tokens <= MAX_OVERLAP_TOKENS ? [last] : [];
}

const sum = (units: readonly { tokens: number }[]): number => units.reduce((total, { tokens }) => total + tokens, 0);
