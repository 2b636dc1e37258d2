import { newId, systemContext } from '@app/kernel';
import { describeDatabases, type TestDatabase } from './testing';

describeDatabases('PreparingClient', (create) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create({ poolSize: 1 });
  });
  afterAll(() => test.close());

  const prepared = async (): Promise<string[]> => {
    const rows = await test.dataSource.query<{ name: string }[]>(
      'select name from pg_prepared_statements order by prepare_time',
    );
    return rows.map(({ name }) => name);
  };

  it('prepares a statement with parameters once, and no other', async () => {
    const before = (await prepared()).length;
    for (const n of [1, 2, 3]) {
      expect(await test.dataSource.query('select $1::int + 1 as n', [n])).toEqual([{ n: n + 1 }]);
    }
    await test.dataSource.query('select 1');
    expect((await prepared()).length).toBe(before + 1);
  });

  it('stops at two hundred statements and still answers all of them', async () => {
    for (let n = 0; n < 230; n += 1) {
      expect(await test.dataSource.query(`select $1::int + ${n} as n`, [1])).toEqual([{ n: n + 1 }]);
    }
    expect((await prepared()).length).toBeLessThanOrEqual(200);
  });

  it('prepares anew after a column was added', async () => {
    const fresh = await create({ poolSize: 1 });
    const id = newId();
    const read = () =>
      fresh.db.run(systemContext(id), (tx) =>
        tx.query<Record<string, unknown>[]>('select * from workspaces where id = $1', [id]),
      );
    await fresh.db.run(systemContext(id), (tx) => tx.query(`insert into workspaces (id, name) values ($1, 'x')`, [id]));
    expect(await read()).toHaveLength(1);
    await fresh.inspect(`alter table workspaces add column extra text default 'new'`);
    await read().catch(() => undefined); // the one call that finds out
    expect(await read()).toMatchObject([{ extra: 'new' }]);
    await fresh.close();
  });

  it('passes on what the database refuses', async () => {
    await expect(test.dataSource.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(test.dataSource.query('select $1::int from nowhere', [1])).rejects.toMatchObject({ code: '42P01' });
    expect(await test.dataSource.query('select $1::int as n', [1])).toEqual([{ n: 1 }]);
  });
});
