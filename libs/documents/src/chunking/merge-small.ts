import { MAX_CHUNK_TOKENS, type Piece } from './pack-section';

/** Fewer words than this cannot answer anything alone: a line of a table of contents, the rest of a page. */
const SMALL_TOKENS = 25;

/**
 * Joins pieces too small to be found with what they belong to: the rest of the same section (a page break parted it),
 * or their equally small neighbours, under the headings they share.
 */
export function mergeSmall(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    const joined = last && join(last, piece);
    if (joined) merged[merged.length - 1] = joined;
    else merged.push(piece);
  }
  return merged;
}

function join(a: Piece, b: Piece): Piece | undefined {
  const isSamePlace = a.headingPath.join('\n') === b.headingPath.join('\n');
  const isWanted = isSamePlace ? isSmall(a) || isSmall(b) : isSmall(a) && isSmall(b);
  const tokens = a.tokens + b.tokens;
  if (!isWanted || tokens > MAX_CHUNK_TOKENS) return undefined;
  if (isSamePlace) return { ...a, text: `${a.text}\n\n${b.text}`, tokens };
  const shared = sharedPath(a, b);
  return { ...a, headingPath: shared, text: `${under(a, shared)}\n\n${under(b, shared)}`, tokens };
}

const isSmall = ({ tokens }: Piece): boolean => tokens < SMALL_TOKENS;

function sharedPath(a: Piece, b: Piece): readonly string[] {
  const end = a.headingPath.findIndex((title, i) => title !== b.headingPath[i]);
  return end === -1 ? a.headingPath : a.headingPath.slice(0, end);
}

/** The text with the headings that the shared path no longer names. */
function under({ headingPath, text }: Piece, shared: readonly string[]): string {
  return [...headingPath.slice(shared.length), text].join('\n');
}
