import type { AuditAnchor } from './audit-anchors';
import {
  type AskTrail,
  type ChainEnd,
  hashesAt,
  headOf,
  lastRowOf,
  listChains,
  type OddRow,
  oddRowsOf,
} from './chain-rows';

/**
 * - `changed`: the row's content is not what was hashed
 * - `missing`: rows between two others are gone
 * - `reordered`: the row stands at another place than it was written to
 * - `replaced`: the row was written after another one than stands before it, and that one is nowhere
 * - `twice`: two rows of one position
 * - `cut`: the newest rows are gone
 * - `rewritten`: the chain fits together and is another one than was anchored
 * - `head`: what the database keeps about the end of the chain is wrong
 */
type AuditFaultKind = 'changed' | 'missing' | 'reordered' | 'replaced' | 'twice' | 'cut' | 'rewritten' | 'head';

/** One manipulation of the trail, and the positions it concerns (both included). */
export interface AuditFault {
  kind: AuditFaultKind;
  /** A workspace's id, or `NO_WORKSPACE`. */
  chain: string;
  from: number;
  to: number;
  /** Of `reordered`: where the row stands that it followed when it was written; 0 for the beginning. */
  wasAfter?: number;
}

export interface AuditVerdict {
  faults: AuditFault[];
  /** Where each chain ends now. */
  ends: ({ chain: string } & ChainEnd)[];
  /** Rows in all chains, told by their last positions. */
  rows: number;
}

/**
 * Walks every chain of the trail and compares its end with what is known about it: the database's own head, and the
 * anchors kept outside. `ask` should be one snapshot, or rows that are added meanwhile look wrong.
 */
export async function verifyAudit(ask: AskTrail, anchors: readonly AuditAnchor[] = []): Promise<AuditVerdict> {
  const verdict: AuditVerdict = { faults: [], ends: [], rows: 0 };
  const chains = new Set([...(await listChains(ask)), ...anchors.map(({ chain }) => chain)]);
  for (const chain of chains) {
    const last = await lastRowOf(ask, chain);
    const own = anchors.filter((anchor) => anchor.chain === chain);
    const inside = (await oddRowsOf(ask, chain)).flatMap((row) => faultsOfRow(chain, row));
    verdict.faults.push(...inside, ...faultsOfEnd(chain, last, await headOf(ask, chain), own));
    verdict.faults.push(...(await faultsOfAnchors(ask, chain, own)));
    if (last) verdict.ends.push({ chain, ...last });
    verdict.rows += last?.seq ?? 0;
  }
  return verdict;
}

function faultsOfRow(chain: string, { seq, beforeSeq, isChanged, isUnlinked, predecessor }: OddRow): AuditFault[] {
  const here = { chain, from: seq, to: seq };
  if (seq === beforeSeq) return [{ ...here, kind: 'twice' }];
  if (isUnlinked && predecessor !== null && predecessor !== beforeSeq) {
    return [{ ...here, kind: 'reordered', wasAfter: predecessor }];
  }
  const faults: AuditFault[] = [];
  if (seq > beforeSeq + 1) faults.push({ chain, kind: 'missing', from: beforeSeq + 1, to: seq - 1 });
  if (isChanged) faults.push({ ...here, kind: 'changed' });
  if (faults.length === 0 && isUnlinked) faults.push({ chain, kind: 'replaced', from: beforeSeq, to: seq });
  return faults;
}

function faultsOfEnd(
  chain: string,
  last: ChainEnd | null,
  head: ChainEnd | null,
  anchors: readonly AuditAnchor[],
): AuditFault[] {
  const end = last?.seq ?? 0;
  const known = Math.max(head?.seq ?? 0, ...anchors.map(({ seq }) => seq));
  if (known > end) return [{ chain, kind: 'cut', from: end + 1, to: known }];
  if (!last) return [];
  const isHeadRight = head?.seq === last.seq && head.hash === last.hash;
  return isHeadRight ? [] : [{ chain, kind: 'head', from: end, to: end }];
}

/** The first anchored position at which another row stands now: every row from the one after the anchor before may be. */
async function faultsOfAnchors(ask: AskTrail, chain: string, anchors: readonly AuditAnchor[]): Promise<AuditFault[]> {
  const positions = [...new Set(anchors.map(({ seq }) => seq))];
  if (positions.length === 0) return [];
  const hashes = await hashesAt(ask, chain, positions);
  const isOther = ({ seq, hash }: AuditAnchor): boolean => hashes.has(seq) && hashes.get(seq) !== hash;
  const wrong = anchors.filter(isOther).map(({ seq }) => seq);
  if (wrong.length === 0) return [];
  const at = Math.min(...wrong);
  const before = Math.max(0, ...anchors.filter((anchor) => anchor.seq < at).map(({ seq }) => seq));
  return [{ chain, kind: 'rewritten', from: before + 1, to: at }];
}
