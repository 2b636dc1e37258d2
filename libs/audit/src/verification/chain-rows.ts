import { canonicalAuditEvent, NO_WORKSPACE } from '@app/database';

/** Asks the database as a role that may read the whole trail. */
export type AskTrail = <T>(sql: string, parameters?: unknown[]) => Promise<T[]>;

/** A row that does not fit where it stands. Numbers are positions. */
export interface OddRow {
  seq: number;
  /** Of the row before it; 0 for the first. */
  beforeSeq: number;
  isChanged: boolean;
  isUnlinked: boolean;
  /** Where the row stands that it was written after; null when that row is nowhere. */
  predecessor: number | null;
}

/** Where a chain ends. */
export interface ChainEnd {
  seq: number;
  /** Hexadecimal. */
  hash: string;
}

/** One manipulation can unsettle many rows; the first ones tell enough. */
const MAX_ODD_ROWS = 200;
const BEGINNING = `decode(repeat('00', 32), 'hex')`;

/** The condition for the rows of one chain, and its parameters. */
const chainOf = (chain: string, row: string): { where: string; parameters: string[] } =>
  chain === NO_WORKSPACE
    ? { where: `${row}.workspace_id is null`, parameters: [] }
    : { where: `${row}.workspace_id = $1`, parameters: [chain] };

/** Every chain there is a row or a head of, as workspace ids; `NO_WORKSPACE` for the one of no workspace. */
export async function listChains(ask: AskTrail): Promise<string[]> {
  const rows = await ask<{ chain: string }>(
    `select workspace_id::text as chain from audit_heads
     union select coalesce(workspace_id::text, '${NO_WORKSPACE}') from audit_events order by 1`,
  );
  return rows.map(({ chain }) => chain);
}

/**
 * Walks a chain from its first row to its last. The hash of each row is computed here and not by a function in the
 * database, which whoever changed the rows could have changed as well.
 */
export async function oddRowsOf(ask: AskTrail, chain: string): Promise<OddRow[]> {
  const { where, parameters } = chainOf(chain, 'r');
  const rows = await ask<{ [Name in keyof OddRow]: OddRow[Name] extends boolean ? boolean : string | null }>(
    `with linked as (
       select r.seq, r.prev_hash, r.hash <> sha256(r.prev_hash || ${canonicalAuditEvent('r')}) as changed,
         lag(r.seq, 1, 0::bigint) over w as before_seq,
         r.prev_hash <> lag(r.hash, 1, ${BEGINNING}) over w as unlinked
       from audit_events r where ${where} window w as (order by r.seq)
     ), odd as (
       select * from linked where changed or unlinked or seq <> before_seq + 1 order by seq limit ${MAX_ODD_ROWS}
     )
     select o.seq, o.before_seq as "beforeSeq", o.changed as "isChanged", o.unlinked as "isUnlinked",
       case when o.prev_hash = ${BEGINNING} then 0
            else (select min(r.seq) from audit_events r where ${where} and r.hash = o.prev_hash) end as predecessor
     from odd o order by o.seq`,
    parameters,
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    beforeSeq: Number(row.beforeSeq),
    isChanged: row.isChanged,
    isUnlinked: row.isUnlinked,
    predecessor: row.predecessor === null ? null : Number(row.predecessor),
  }));
}

/** Null for a chain without rows. */
export const lastRowOf = (ask: AskTrail, chain: string): Promise<ChainEnd | null> => {
  const { where, parameters } = chainOf(chain, 'r');
  const sql = `select r.seq, encode(r.hash, 'hex') as hash from audit_events r where ${where} order by r.seq desc limit 1`;
  return end(ask, sql, parameters);
};

/** What the database itself says about the end of a chain; null when it says nothing. */
export const headOf = (ask: AskTrail, chain: string): Promise<ChainEnd | null> =>
  end(ask, `select h.seq, encode(h.hash, 'hex') as hash from audit_heads h where h.workspace_id = $1`, [chain]);

/** The hash at each of these positions, hexadecimal; positions without a row are left out. */
export async function hashesAt(ask: AskTrail, chain: string, positions: number[]): Promise<Map<number, string>> {
  const { where, parameters } = chainOf(chain, 'r');
  const rows = await ask<{ seq: string; hash: string }>(
    `select r.seq, encode(r.hash, 'hex') as hash from audit_events r
     where ${where} and r.seq = any ($${parameters.length + 1}::bigint[])`,
    [...parameters, positions],
  );
  return new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
}

async function end(ask: AskTrail, sql: string, parameters: unknown[]): Promise<ChainEnd | null> {
  const [row] = await ask<{ seq: string; hash: string }>(sql, parameters);
  return row ? { seq: Number(row.seq), hash: row.hash } : null;
}
