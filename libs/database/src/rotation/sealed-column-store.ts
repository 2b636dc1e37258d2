import { FieldCipher, type KeyCounts, type KeyRing, type Rotation, SealedStore } from '@app/crypto';
import { AppError, systemContext } from '@app/kernel';
import type { SealedColumn } from '../sealed-columns';
import type { SealedRow, SystemDb } from '../system-db';
import type { Tx, WorkspaceDb } from '../workspace-db';

type OldRow = SealedRow & { readonly kid: string };

interface StoredValue {
  readonly id: string;
  readonly value: string;
}

/** Rows a look-up goes through; it takes a tenth of the application's statement timeout at the very worst. */
const STEP_ROWS = 2_000;
/** Rows a transaction changes: none is locked for long. */
const BATCH_ROWS = 100;
const START = '00000000-0000-0000-0000-000000000000';

/** The values of one sealed column over all tenants. Finds them by look-up and changes them within their tenant. */
export class SealedColumnStore extends SealedStore {
  private readonly cipher: FieldCipher;
  private readonly currentKid: string;

  constructor(
    private readonly column: SealedColumn,
    private readonly database: { readonly db: WorkspaceDb; readonly systemDb: SystemDb },
    ring: KeyRing,
    private readonly stepRows = STEP_ROWS,
  ) {
    super();
    this.cipher = new FieldCipher(ring);
    this.currentKid = ring.current.kid;
  }

  get name(): string {
    return `${this.column.table}.${this.column.column}`;
  }

  async countOld(): Promise<KeyCounts> {
    const counts = new Map<string, number>();
    for await (const rows of this.oldRows()) {
      for (const { kid } of rows) counts.set(kid, (counts.get(kid) ?? 0) + 1);
    }
    return counts;
  }

  async rotate(onProgress: (changed: number) => void): Promise<Rotation> {
    let changed = 0;
    const unreadable: string[] = [];
    for await (const rows of this.oldRows()) {
      for (const batch of batchesOf(rows)) {
        const done = await this.tryBatch(batch);
        changed += done.changed;
        unreadable.push(...done.unreadable);
        if (done.changed > 0) onProgress(done.changed);
      }
    }
    return { changed, unreadable };
  }

  /** Step by step through the whole table, what is not under the current key. */
  private async *oldRows(): AsyncIterable<OldRow[]> {
    let [afterOwner, afterRow] = [START, START];
    for (;;) {
      const after = { owner: afterOwner, row: afterRow };
      const rows = await this.database.systemDb.listSealedRows(this.column, this.currentKid, after, this.stepRows);
      const last = rows.find(({ isLast }) => isLast);
      yield rows.filter((row): row is OldRow => row.kid !== null && row.kid !== this.currentKid);
      if (!last) return;
      [afterOwner, afterRow] = [last.ownerId, last.rowId];
    }
  }

  private async tryBatch(batch: readonly OldRow[]): Promise<Rotation> {
    try {
      return await this.rotateBatch(batch);
    } catch (error) {
      // Somebody else was at the rows, and the next pass tries again.
      if (error instanceof AppError && error.code === 'service.busy') return { changed: 0, unreadable: [] };
      throw error;
    }
  }

  /** One transaction for rows of one owner. */
  private async rotateBatch(batch: readonly OldRow[]): Promise<Rotation> {
    const owner = batch[0]?.ownerId ?? START;
    const ids = batch.map(({ rowId }) => rowId);
    return this.asOwner(owner, async (tx) => {
      const unreadable: string[] = [];
      const pairs: { id: string; old: string; new: string }[] = [];
      for (const { id, value } of await this.read(tx, owner, ids)) {
        if (value.startsWith(this.cipher.currentPrefix)) continue;
        const resealed = this.reseal(owner, id, value);
        if (resealed === null) unreadable.push(id);
        else pairs.push({ id, old: value, new: resealed });
      }
      return { changed: await this.replace(tx, owner, pairs), unreadable };
    });
  }

  private asOwner<T>(owner: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.column.workspaceId === null) return this.database.db.runAsUser({ userId: owner }, work);
    return this.database.db.run(systemContext(owner), work);
  }

  private read(tx: Tx, owner: string, ids: readonly string[]): Promise<StoredValue[]> {
    const { table, column, rowId } = this.column;
    return tx.query(
      `select ${rowId} as id, ${column} as value from ${table}
       where ${this.ownerColumn} = $1 and ${rowId} = any ($2) and ${column} is not null order by ${rowId}`,
      [owner, ids],
    );
  }

  /** Null when it does not open. */
  private reseal(owner: string, rowId: string, value: string): string | null {
    const { table, column } = this.column;
    const place = { table, column, rowId, workspaceId: this.column.workspaceId === null ? null : owner };
    try {
      return this.cipher.seal(place, this.cipher.open(place, value));
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  /** Compares and sets: a value that was written since it was read stays as it is. */
  private async replace(tx: Tx, owner: string, pairs: { id: string; old: string; new: string }[]): Promise<number> {
    const { table, column, rowId } = this.column;
    const [, changed]: [unknown, number] = await tx.query(
      `update ${table} t set ${column} = p.new
       from unnest($2::uuid[], $3::text[], $4::text[]) as p (id, old, new)
       where t.${this.ownerColumn} = $1 and t.${rowId} = p.id and t.${column} = p.old`,
      [owner, pairs.map(({ id }) => id), pairs.map((pair) => pair.old), pairs.map((pair) => pair.new)],
    );
    return changed;
  }

  private get ownerColumn(): string {
    return ownerColumnOf(this.column);
  }
}

/** The column whose value names the tenant of a row. */
export function ownerColumnOf({ table, column, workspaceId, userId }: SealedColumn): string {
  const owner = workspaceId ?? userId;
  if (owner === undefined) throw new Error(`${table}.${column} names no owner`);
  return owner;
}

/** Rows of one owner each, at most `BATCH_ROWS`. Rows come ordered by owner. */
function batchesOf(rows: readonly OldRow[]): OldRow[][] {
  const batches: OldRow[][] = [];
  for (const row of rows) {
    const current = batches.at(-1);
    if (current && current[0]?.ownerId === row.ownerId && current.length < BATCH_ROWS) current.push(row);
    else batches.push([row]);
  }
  return batches;
}
