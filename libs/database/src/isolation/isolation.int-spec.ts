import { newId, systemContext } from '@app/kernel';
import { describeDatabases, type TestDatabase } from '../testing';
import { findIsolationFaults } from './find-isolation-faults';
import { SEEDED_TABLES, seedWorkspace } from '../testing/seed-workspace';

/** Their rows belong to a person, not to a workspace. */
const TABLES_OF_USERS = [
  'users',
  'sessions',
  'pending_registrations',
  'password_resets',
  'second_factors',
  'recovery_codes',
  'user_identities',
];

/** The application may not even try to change these. */
const APPEND_ONLY = ['audit_events', 'audit_heads', 'disclosure_log'];

describeDatabases('Isolation of tenants', (create) => {
  let test: TestDatabase;
  let mine: string;
  let theirs: string;

  beforeAll(async () => {
    test = await create({ poolSize: 2 });
    mine = await seedWorkspace(test);
    theirs = await seedWorkspace(test);
  });
  afterAll(() => test.close());

  const tables = async (): Promise<string[]> => {
    const rows = await test.inspect<{ name: string }>(
      `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and relname <> 'migrations' order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('R02 A28 A54 A55 B14 has no fault in the catalogue', async () => {
    expect(await findIsolationFaults(test.database)).toEqual([]);
  });

  it('has rows of two workspaces in every table, so that seeing none means something', async () => {
    expect(await tables()).toEqual([...SEEDED_TABLES].sort());
    for (const table of SEEDED_TABLES) {
      const [row] = await test.inspect<{ n: number }>(`select count(*)::int as n from ${table}`);
      expect([table, row?.n]).toEqual([table, 2]);
    }
  });

  it.each(SEEDED_TABLES)('R01 A28 A54 shows and changes nothing in %s without a context', async (table) => {
    const { dataSource } = test.database;
    expect(await dataSource.query(`select * from ${table}`)).toEqual([]);
    const column = APPEND_ONLY.includes(table) ? null : await firstColumn(table);
    if (column) {
      const updated = await dataSource.query<[unknown[], number]>(`update ${table} set ${column} = ${column}`);
      expect(updated[1]).toBe(0);
      const deleted = await dataSource.query<[unknown[], number]>(`delete from ${table}`);
      expect(deleted[1]).toBe(0);
    }
    await expect(
      dataSource.query(`insert into ${table} select (jsonb_populate_record(null::${table}, $1)).*`, [
        await anyRow(table),
      ]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  const firstColumn = async (table: string): Promise<string> => {
    const [row] = await test.inspect<{ name: string }>(
      `select attname::text as name from pg_attribute where attrelid = $1::regclass and attnum = 1`,
      [table],
    );
    return row?.name ?? '';
  };
  const anyRow = async (table: string): Promise<unknown> => {
    const [row] = await test.inspect<{ row: unknown }>(`select to_jsonb(t) as row from ${table} t limit 1`);
    return JSON.stringify(row?.row);
  };

  it('shows a workspace its own rows and not one of the other', async () => {
    for (const table of SEEDED_TABLES.filter((name) => !TABLES_OF_USERS.includes(name))) {
      const column = table === 'workspaces' ? 'id' : 'workspace_id';
      const rows = await test.db.run(systemContext(mine), (tx) =>
        tx.query<Record<string, string>[]>(`select * from ${table}`),
      );
      expect([table, rows.map((row) => row[column])]).toEqual([table, [mine]]);
    }
  });

  it('A28 refuses to write a row for another workspace, or to move one there', async () => {
    const sql = `insert into knowledge_versions (workspace_id) values ($1)`;
    await expect(test.db.run(systemContext(mine), (tx) => tx.query(sql, [theirs]))).rejects.toMatchObject({
      code: '42501',
    });
    const move = `update knowledge_versions set workspace_id = $1`;
    await expect(test.db.run(systemContext(mine), (tx) => tx.query(move, [theirs]))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('A28 refuses to refer to a row of another workspace', async () => {
    const [document] = await test.inspect<{ id: string }>('select id from documents where workspace_id = $1', [theirs]);
    const sql = `insert into chunks (workspace_id, id, document_id, version, ordinal, text) values ($1, $2, $3, 9, 9, 'x')`;
    await expect(
      test.db.run(systemContext(mine), (tx) => tx.query(sql, [mine, newId(), document?.id])),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('R07 B14 B16 does not let the application change what it may only add to, define anything or leave its role', async () => {
    const { dataSource } = test.database;
    const refused = [
      'update audit_events set action = action',
      'delete from audit_events',
      'update disclosure_log set version = version',
      'delete from disclosure_log',
      'truncate documents',
      'alter table documents disable row level security',
      'drop policy documents_own on documents',
      'create table mine (a int)',
      'create temporary table mine (a int)',
      'insert into migrations (timestamp, name) values (1, $$x$$)',
      'delete from migrations',
      'drop function find_user_by_email_index(bytea)',
      'grant app_owner to current_user',
      'select * from pg_authid',
      'alter table documents add column mine int',
      'alter table documents no force row level security',
      'create policy mine on documents using (true)',
      'drop table documents',
      'create index on documents (title)',
      'create schema mine',
      'create function mine() returns int language sql as $$ select 1 $$',
      'create view mine as select 1',
      'create role mine',
      'alter role current_user superuser',
      'alter role current_user bypassrls',
      'set role app_owner',
      'set role app_lookup',
      'set role app_audit',
      'set role postgres',
      'set session authorization postgres',
      'set session_replication_role = replica',
      "copy documents to program 'true'",
      "copy documents from '/etc/passwd'",
      "select pg_read_file('/etc/passwd')",
      "select pg_ls_dir('.')",
      "select lo_import('/etc/passwd')",
      'select pg_reload_conf()',
      'alter system set log_statement = none',
      'comment on table documents is $$mine$$',
      'create extension dblink',
      'create trigger mine before insert on documents for each row execute function refuse_audit_change()',
    ];
    for (const sql of refused) {
      await expect(dataSource.query(sql).then(() => sql)).rejects.toMatchObject({
        code: expect.stringMatching(/^42|^0A/) as string,
      });
    }
  });

  describe('finds what a migration forgot', () => {
    const planted: [string, string, RegExp][] = [
      [
        'a table without protection',
        'create table forgotten (workspace_id uuid, id uuid)',
        /under row-level security.*forgotten/,
      ],
      ['a table without a tenant', 'create table plain (id int)', /under row-level security.*plain/],
      [
        'a table that its owner sees past',
        'create table half (workspace_id uuid); alter table half enable row level security',
        /under row-level security.*half/,
      ],
      [
        'a policy without a check of its own',
        `create table lax (workspace_id uuid); alter table lax enable row level security; alter table lax force row level security;
         create policy lax_own on lax to authenticated_users using (workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::uuid))`,
        /one policy.*lax: lax_own without check/,
      ],
      [
        'a policy that is always true',
        `create policy open on documents to authenticated_users using (true) with check (true)`,
        /one policy.*documents: open/,
      ],
      [
        'a policy for everybody',
        `create policy all_in on documents for select using (true)`,
        /no policy is for.*all_in/,
      ],
      [
        'a foreign key without workspace_id',
        'alter table documents add unique (id); alter table chunks add constraint loose foreign key (document_id) references documents (id)',
        /foreign keys.*loose/,
      ],
      [
        'a unique index over all tenants',
        'create unique index oracle on documents (title, workspace_id)',
        /unique indexes.*oracle/,
      ],
      ['a view with its owner’s rights', 'create view peek as select * from documents', /views.*peek/],
      ['a materialised view', 'create materialized view stale as select * from documents', /views.*stale/],
      [
        'a definer function without a fixed search_path',
        `create function leak() returns int language sql security definer as 'select 1'`,
        /functions.*leak/,
      ],
      ['a grant to everybody', 'grant select on documents to public', /granted to everybody.*documents/],
      ['a truncate right', 'grant truncate on documents to authenticated_users', /may not create, truncate.*documents/],
      ['a right to create', 'grant create on schema public to authenticated_users', /may not create.*schema public/],
      ['a writable ledger', 'grant insert on migrations to authenticated_users', /ledgers.*migrations/],
      ['a schema nobody knows', 'create schema side', /no schema but.*side/],
    ];

    // One database for all of them: each fault is looked for by its own name.
    let spoiled: TestDatabase;
    beforeAll(async () => {
      spoiled = await create({ poolSize: 1 });
    });
    afterAll(() => spoiled.close());

    it.each(planted)('%s', async (_, sql, expected) => {
      expect((await findIsolationFaults(spoiled.database)).join('\n')).not.toMatch(expected);
      await spoiled.inspect(sql);
      expect((await findIsolationFaults(spoiled.database)).join('\n')).toMatch(expected);
    });
  });
});
