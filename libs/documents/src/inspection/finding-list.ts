import { foldMarks } from './fold-text';
import type { Finding, Inspection } from './finding';

const MAX_FINDINGS = 20;
const MAX_EXCERPT_CHARS = 160;
const KINDS = ['injection', 'hidden-text', 'invisible-characters'] as const;

/** Findings as they come; of one rule in one section only the first. Never holds more than it will give. */
export class FindingList {
  private readonly kept: Record<Finding['kind'], Finding[]> = {
    injection: [],
    'hidden-text': [],
    'invisible-characters': [],
  };
  private count = 0;
  private place: object | undefined;
  private readonly rules = new Set<string>();

  add(
    { headingPath, page }: Pick<Finding, 'headingPath' | 'page'>,
    kind: Finding['kind'],
    rule: string,
    text: string,
  ): void {
    // One path array a section: its identity tells sections apart.
    if (this.place !== headingPath) this.rules.clear();
    this.place = headingPath;
    if (this.rules.has(rule)) return;
    this.rules.add(rule);
    this.count++;
    const excerpt = clean(text);
    const kept = this.kept[kind];
    if (kept.length < MAX_FINDINGS)
      kept.push({ kind, rule, headingPath, ...(page === undefined ? {} : { page }), excerpt });
  }

  result(): Inspection {
    const findings = KINDS.flatMap((kind) => this.kept[kind]).slice(0, MAX_FINDINGS);
    return { findings, cutCount: this.count - findings.length };
  }
}

function clean(text: string): string {
  const line = foldMarks(text.slice(0, 4 * MAX_EXCERPT_CHARS))
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return [...line].slice(0, MAX_EXCERPT_CHARS).join('').trim();
}
