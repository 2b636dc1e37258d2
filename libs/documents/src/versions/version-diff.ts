import { diffArrays } from 'diff';

/** One paragraph that only one of two versions has. */
export interface VersionChange {
  readonly kind: 'added' | 'removed';
  /** The headings above it, outermost first. */
  readonly headingPath: readonly string[];
  readonly text: string;
}

export interface VersionDiff {
  /** Paragraphs in all, of which `changes` holds the first. */
  readonly added: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly changes: readonly VersionChange[];
}

export interface DiffedChunk {
  readonly headingPath: readonly string[];
  readonly text: string;
}

/** Changes that are listed; a person reads no more. */
const MAX_CHANGES = 500;
/** Myers' algorithm takes time as lines × changes: beyond so many, or so long, everything counts as replaced. */
const MAX_EDITS = 2_000;
const MAX_MS = 200;

interface Paragraph extends DiffedChunk {
  readonly key: string;
}

/** What was added to and removed from a text, by paragraphs under their headings: where chunks were cut does not show. */
export function diffVersions(before: readonly DiffedChunk[], after: readonly DiffedChunk[]): VersionDiff {
  const [old, current] = [paragraphsOf(before), paragraphsOf(after)];
  const options = {
    comparator: (a: Paragraph, b: Paragraph) => a.key === b.key,
    maxEditLength: MAX_EDITS,
    timeout: MAX_MS,
  };
  const parts = diffArrays<Paragraph>(old, current, options) ?? [
    { value: old, removed: true, added: false, count: old.length },
    { value: current, removed: false, added: true, count: current.length },
  ];
  const counts = { added: 0, removed: 0, unchanged: 0 };
  const changes: VersionChange[] = [];
  for (const { value, added, removed } of parts) {
    const kind = added ? 'added' : removed ? 'removed' : 'unchanged';
    counts[kind] += value.length;
    if (kind === 'unchanged') continue;
    const room = MAX_CHANGES - changes.length;
    changes.push(...value.slice(0, room).map(({ headingPath, text }) => ({ kind, headingPath, text }) as const));
  }
  return { ...counts, changes };
}

/** A chunk that goes on in the middle of a paragraph of the one before begins a paragraph here, in both versions alike. */
function paragraphsOf(chunks: readonly DiffedChunk[]): Paragraph[] {
  return chunks.flatMap(({ headingPath, text }) =>
    text
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== '')
      .map((paragraph) => ({ headingPath, text: paragraph, key: [...headingPath, paragraph].join('\u0000') })),
  );
}
