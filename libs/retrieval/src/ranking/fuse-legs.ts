import type { LegScores } from '../index/passage-index';
import type { LegScore } from '../passage-search';

/**
 * Weight of the dense leg where it has a say; the lexical one has the rest. .4–.7 were tried with each leg divided by its
 * best: .5 is best or within .003 nDCG@10 of it on every English tuning set (docs/adr/0009).
 */
const DENSE_WEIGHT = 0.5;

/** A passage with what both legs say of it. */
export interface FusedCandidate {
  slot: number;
  /** 0–1, comparable within one search: each leg divided by its best, then weighted. */
  fused: number;
  legs: { lexical?: LegScore; dense?: LegScore };
}

/** The best passages of both legs together, best first. */
export function fuseLegs({ lexical, cosine }: LegScores, limit: number): FusedCandidate[] {
  const bestLexical = lexical.reduce((best, score) => (score > best ? score : best), 0);
  const bestCosine = cosine?.reduce((best, score) => (score > best ? score : best), 0) ?? 0;
  const denseWeight = bestCosine > 0 ? DENSE_WEIGHT : 0;
  const lexicalScale = bestLexical > 0 ? (1 - denseWeight) / bestLexical : 0;
  const denseScale = bestCosine > 0 ? denseWeight / bestCosine : 0;
  const best: { slot: number; fused: number }[] = [];
  for (let slot = 0; slot < lexical.length; slot++) {
    // Comparing with NaN, the cosine of a slot without a vector, is false.
    const near = cosine?.[slot] ?? 0;
    const fused = (lexical[slot] ?? 0) * lexicalScale + (near > 0 ? near * denseScale : 0);
    if (fused > 0) keepBest(best, { slot, fused }, limit);
  }
  return best.map(({ slot, fused }) => ({
    slot,
    fused,
    legs: { ...legOf('lexical', lexical, slot), ...legOf('dense', cosine, slot) },
  }));
}

/** Inserts into a short list that is kept in order; the earlier slot wins a tie. */
function keepBest<T extends { fused: number }>(best: T[], candidate: T, limit: number): void {
  const last = best.at(-1);
  if (best.length === limit && last && last.fused >= candidate.fused) return;
  let at = best.length;
  while (at > 0 && (best[at - 1]?.fused ?? 0) < candidate.fused) at -= 1;
  best.splice(at, 0, candidate);
  if (best.length > limit) best.pop();
}

function legOf(
  name: 'lexical' | 'dense',
  scores: Float64Array | Float32Array | null,
  slot: number,
): FusedCandidate['legs'] {
  const score = scores?.[slot];
  if (!scores || score === undefined || Number.isNaN(score) || (name === 'lexical' && score === 0)) return {};
  let rank = 1;
  for (const other of scores) if (other > score) rank += 1;
  return { [name]: { rank, score } };
}
