import { randomBytes } from 'node:crypto';
import { FieldCipher, KeyRing } from '@app/crypto';
import type { WorkspaceContext } from '@app/kernel';
import { SEALED_COLUMNS, type SealedColumn } from '../sealed-columns';
import { describeDatabases, type TestDatabase } from '../testing';
import { seedWorkspace } from '../testing/seed-workspace';
import { type Tx, WorkspaceDb } from '../workspace-db';
import { ownerColumnOf, SealedColumnStore } from './sealed-column-store';
import { sealedColumnStores } from './sealed-column-stores';

const [older, newer] = [
  { kid: 'older', key: randomBytes(32) },
  { kid: 'newer', key: randomBytes(32) },
];
const [before, during, after] = [[older], [newer, older], [newer]].map((keys) => new KeyRing(keys));
if (!before || !during || !after) throw new Error('three rings');

interface Row {
  id: string;
  owner: string;
  value: string | null;
}

const TEXT = SEALED_COLUMNS.find(({ table, column }) => table === 'messages' && column === 'text') ?? fail();
const silently = (): void => undefined;

describeDatabases('Key rotation', (create) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await create();
    for (let seeded = 0; seeded < 3; seeded += 1) await seedWorkspace(test);
  });
  afterAll(() => test.close());

  const rowsOf = ({ rowId, column, table, ...rest }: SealedColumn): Promise<Row[]> =>
    test.inspect<Row>(
      `select ${rowId} as id, ${ownerColumnOf({ rowId, column, table, ...rest })} as owner, ${column} as value
       from ${table} order by 1`,
    );
  const put = ({ table, column, rowId }: SealedColumn, id: string, value: string): Promise<unknown> =>
    test.inspect(`update ${table} set ${column} = $2 where ${rowId} = $1`, [id, value]);
  const placeOf = ({ table, column, workspaceId }: SealedColumn, { id, owner }: Row) => ({
    table,
    column,
    rowId: id,
    workspaceId: workspaceId === null ? null : owner,
  });

  /** Fills the column as a product with the old key would have. */
  async function seal(column: SealedColumn, ring = before): Promise<Row[]> {
    const cipher = new FieldCipher(ring ?? fail());
    const rows = await rowsOf(column);
    for (const row of rows) await put(column, row.id, cipher.seal(placeOf(column, row), `text of ${row.id}`));
    return rows;
  }

  async function opened(column: SealedColumn): Promise<string[]> {
    const cipher = new FieldCipher(after ?? fail());
    return (await rowsOf(column)).map((row) => cipher.open(placeOf(column, row), row.value ?? ''));
  }

  const storeOf = (column: SealedColumn, db = test.db, stepRows?: number): SealedColumnStore =>
    new SealedColumnStore(column, { db, systemDb: test.systemDb }, during ?? fail(), stepRows);

  it('A26 D03 reaches every row of every sealed column, whoever owns it', async () => {
    for (const column of SEALED_COLUMNS) await seal(column);
    const stores = sealedColumnStores(test.database, during ?? fail());
    expect(stores).toHaveLength(SEALED_COLUMNS.length);
    for (const [index, store] of stores.entries()) {
      const column = SEALED_COLUMNS[index] ?? fail();
      const rows = await rowsOf(column);
      expect([store.name, rows.length]).toEqual([`${column.table}.${column.column}`, 3]);
      expect([store.name, await store.countOld()]).toEqual([store.name, new Map([['older', 3]])]);
      expect([store.name, await store.rotate(silently)]).toEqual([store.name, { changed: 3, unreadable: [] }]);
      expect([store.name, await store.countOld()]).toEqual([store.name, new Map()]);
      expect(await opened(column)).toEqual(rows.map(({ id }) => `text of ${id}`));
    }
  });

  it.each([1, 2, 3, 4])('D03 goes through a table in steps of %i rows and misses none', async (stepRows) => {
    await seal(TEXT);
    const store = storeOf(TEXT, test.db, stepRows);
    const progress: number[] = [];
    expect(await store.countOld()).toEqual(new Map([['older', 3]]));
    expect(await store.rotate((changed) => progress.push(changed))).toEqual({ changed: 3, unreadable: [] });
    expect(progress.reduce((sum, changed) => sum + changed)).toBe(3);
    expect(await store.countOld()).toEqual(new Map());
  });

  it('D03 does nothing the second time', async () => {
    await seal(TEXT, during);
    const values = await rowsOf(TEXT);
    expect(await storeOf(TEXT).rotate(silently)).toEqual({ changed: 0, unreadable: [] });
    expect(await rowsOf(TEXT)).toEqual(values);
  });

  it('D03 goes on where a killed run stopped', async () => {
    await seal(TEXT);
    const dies = (): never => {
      throw new Error('killed');
    };
    await expect(storeOf(TEXT).rotate(dies)).rejects.toThrow('killed');
    expect(await storeOf(TEXT).countOld()).toEqual(new Map([['older', 2]]));
    expect(await storeOf(TEXT).rotate(silently)).toEqual({ changed: 2, unreadable: [] });
    expect(await opened(TEXT)).toHaveLength(3);
  });

  it('D03 does not overwrite what somebody wrote between its look and its change', async () => {
    const rows = await seal(TEXT);
    const written = new Map(
      rows.map((row) => [row.id, new FieldCipher(during ?? fail()).seal(placeOf(TEXT, row), 'written meanwhile')]),
    );
    const store = storeOf(TEXT, new InterruptedDb(test.database, (tx) => writeAll(tx, written)));
    expect(await store.rotate(silently)).toEqual({ changed: 0, unreadable: [] });
    expect(await opened(TEXT)).toEqual(rows.map(() => 'written meanwhile'));
  });

  it('A26 leaves what does not open as it is, says where, and changes the rest', async () => {
    const [first, second, third] = await seal(TEXT);
    if (!first || !second || !third) throw new Error('three rows');
    const moved = (await rowsOf(TEXT))[1]?.value ?? fail();
    await put(TEXT, first.id, moved);
    await put(TEXT, third.id, 'never sealed');
    expect(await storeOf(TEXT).countOld()).toEqual(
      new Map([
        ['older', 2],
        ['', 1],
      ]),
    );
    const { changed, unreadable } = await storeOf(TEXT).rotate(silently);
    expect([changed, [...unreadable].sort()]).toEqual([1, [first.id, third.id].sort()]);
    expect((await rowsOf(TEXT)).map(({ value }) => value)).toEqual([
      moved,
      expect.stringMatching(/^v1\.newer\./),
      'never sealed',
    ]);
  });

  it('A26 asks for ids and keys alone: a look-up returns no value of any tenant', async () => {
    await seal(TEXT);
    const nil = '00000000-0000-0000-0000-000000000000';
    const [row] = await test.systemDb.listSealedRows(TEXT, 'newer', { owner: nil, row: nil }, 10);
    expect(row).toEqual({ ownerId: expect.any(String), rowId: expect.any(String), kid: 'older', isLast: false });
  });
});

async function writeAll(tx: Tx, written: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, value] of written) await tx.query('update messages set text = $2 where id = $1', [id, value]);
}

/** Somebody else's commit between the first and the second statement of a unit of work. */
class InterruptedDb extends WorkspaceDb {
  constructor(
    database: TestDatabase['database'],
    private readonly interrupt: (tx: Tx) => Promise<void>,
  ) {
    super(database);
  }

  override run<T>(ctx: WorkspaceContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.run(ctx, async (tx) => {
      const read = tx.query.bind(tx);
      tx.query = async <R>(sql: string, parameters?: unknown[]): Promise<R> => {
        const result = await read<R>(sql, parameters);
        tx.query = read;
        await this.interrupt(tx);
        return result;
      };
      return work(tx);
    });
  }
}
