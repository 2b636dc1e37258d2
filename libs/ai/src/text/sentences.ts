/** Full stops after these do not end a sentence. Lower case, without the final stop. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof sr jr st vs etc e.g i.e eg ie no nos fig figs vol pp approx inc ltd corp dept est u.s z.b d.h bzw ca usw abb nr str tel bspw evtl ggf p.ex sra srta ud uds'.split(
    ' ',
  ),
);
const LAST_WORD = /([\p{L}.]+)\.\s*$/u;
/** `1.`, `a)` and bare bullets belong to what follows. */
const LIST_LABEL = /^\s*(?:\p{N}{1,3}[.)]|\p{L}[.)]|[-*•–])\s*$/u;
const FOOTNOTE = /\[\p{N}{1,3}\]/gu;
const LIST_ITEM = /^\s*(?:[-*•–|#]|\p{N}{1,3}[.)])\s*/u;
const LOWER_CASE_START = /^\s*\p{Ll}/u;
/** A shorter line without a full stop is a heading or a label, not the start of wrapped text. */
const MIN_WRAPPED_LINE_CHARS = 45;
const MAX_BLOCK_CHARS = 4_000;
/** How much of a sentence is looked at to tell whether it ended: bounds the time on hostile texts. */
const LOOK_BACK_CHARS = 40;

const segmenters = new Map<string, Intl.Segmenter>();

/**
 * The sentences of a text, in order, each a trimmed verbatim slice of it. A line break that ends a paragraph, a list
 * item or a table row also ends a sentence; a line broken inside a sentence does not.
 *
 * Deterministic: the vectors stored at ingest are matched to the sentences by position.
 */
export function splitSentences(text: string, language?: string | null): string[] {
  const segmenter = segmenterFor(language);
  return splitBlocks(text).flatMap((block) => splitBlock(block, segmenter));
}

/**
 * Paragraphs, list items, table rows and headings, each in one piece. Whole documents are quadratic in Intl.Segmenter;
 * these are not.
 */
function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block = '';
  for (const line of text.split('\n')) {
    if (block.trim() && !continues(block, line)) {
      blocks.push(block);
      block = '';
    }
    block = block ? `${block}\n${line}` : line;
  }
  return [...blocks, block].filter((each) => each.trim()).flatMap(cut);
}

/** Cuts a block without any break into bounded pieces, at white space where there is some. */
function cut(block: string): string[] {
  const pieces: string[] = [];
  let rest = block;
  while (rest.length > MAX_BLOCK_CHARS) {
    const space = rest.lastIndexOf(' ', MAX_BLOCK_CHARS);
    const end = space > 0 ? space : MAX_BLOCK_CHARS;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** Whether a line goes on with the sentence of the lines above it, or starts something of its own. */
function continues(block: string, line: string): boolean {
  if (!line.trim() || LIST_ITEM.test(line) || block.length > MAX_BLOCK_CHARS) return false;
  const lastLine = block.slice(block.lastIndexOf('\n') + 1).trim();
  const isWrapped = LOWER_CASE_START.test(line) || lastLine.length >= MIN_WRAPPED_LINE_CHARS;
  return isWrapped && !lastLine.startsWith('#') && !lastLine.startsWith('|');
}

function splitBlock(block: string, segmenter: Intl.Segmenter): string[] {
  const sentences: string[] = [];
  let pending = '';
  // To the segmenter `[12]` begins a sentence, closing brackets end one: after a full stop a footnote belongs to it.
  const masked = block.replace(FOOTNOTE, (footnote) => ')'.repeat(footnote.length));
  for (const { segment, index } of segmenter.segment(masked)) {
    pending += block.slice(index, index + segment.length);
    if (endsEarly(pending)) continue;
    if (pending.trim()) sentences.push(pending.trim());
    pending = '';
  }
  if (pending.trim()) sentences.push(pending.trim());
  return sentences;
}

function endsEarly(candidate: string): boolean {
  const end = candidate.slice(-LOOK_BACK_CHARS);
  if (candidate.length === end.length && LIST_LABEL.test(end)) return true;
  // A line break inside running text: the segmenter (UAX #29) always breaks there, people do not mean it.
  if (/[^\s.!?。！？।]\s*\n\s*$/u.test(end)) return true;
  const word = LAST_WORD.exec(end)?.[1]?.toLowerCase();
  return word !== undefined && (ABBREVIATIONS.has(word) || /^\p{L}$/u.test(word));
}

function segmenterFor(language?: string | null): Intl.Segmenter {
  const key = language ?? 'en';
  let segmenter = segmenters.get(key);
  if (!segmenter) {
    segmenter = new Intl.Segmenter(isLocale(key) ? key : 'en', { granularity: 'sentence' });
    segmenters.set(key, segmenter);
  }
  return segmenter;
}

function isLocale(tag: string): boolean {
  return /^[a-z]{2,3}$/.test(tag);
}
