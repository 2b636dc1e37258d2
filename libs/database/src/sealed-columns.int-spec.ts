import { SEALED_COLUMNS } from './sealed-columns';
import { describeDatabases, type TestDatabase } from './testing';

describeDatabases('Sealed columns', (create) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  const typeOf = async (table: string, column: string): Promise<string | undefined> => {
    const [found] = await test.inspect<{ type: string }>(
      `select data_type || case is_nullable when 'YES' then '?' else '' end as type from information_schema.columns
       where table_schema = 'public' and table_name = $1 and column_name = $2`,
      [table, column],
    );
    return found?.type;
  };

  it('A26 exist, hold text, and say whose row they are in', async () => {
    for (const { table, column, rowId, workspaceId, userId } of SEALED_COLUMNS) {
      const owner = workspaceId ?? userId ?? 'no owner';
      const types = [await typeOf(table, column), await typeOf(table, rowId), await typeOf(table, owner)];
      expect([table, column, ...types]).toEqual([table, column, expect.stringMatching(/^text\??$/), 'uuid', 'uuid']);
    }
  });

  it('A26 are registered once each', () => {
    const names = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect(names).toEqual([...new Set(names)]);
  });
});
