import type { QueryRunner } from 'typeorm';
import { newId } from '@app/kernel';
import { OWNER_ROLE } from '../provision/roles';
import { describeDatabases, seedWorkspace, type TestDatabase } from '../testing';
import { EmbedKeys1763770000020 } from './0020-embed-keys';
import { VisitorIdentity1763770000021 } from './0021-visitor-identity';
import { Disclosures1763770000022 } from './0022-disclosures';
import { Challenge1763770000026 } from './0026-challenge';

describeDatabases('The migrations of the embeds', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  it('go down and up again, and the key of an embed goes on working', async () => {
    const workspaceId = await seedWorkspace(test);
    const embedId = newId();
    // Migrations use this one method of a query runner, and run as the tables' owner, whom row-level security holds too.
    const owner = kind === 'postgres' ? `set role ${OWNER_ROLE}; ` : ''; // the embedded database lets nobody change roles
    const asOwner = {
      query: (sql: string) => test.inspect(owner + sql),
    } as unknown as QueryRunner;
    const migrations = [
      new EmbedKeys1763770000020(),
      new VisitorIdentity1763770000021(),
      new Disclosures1763770000022(),
      new Challenge1763770000026(),
    ];
    for (const migration of [...migrations].reverse()) await migration.down(asOwner);
    await test.inspect(
      `insert into embeds (workspace_id, id, name, key_hash, key_last4, allowed_origins)
       values ($1, $2, 'Old', 'hash of old', 'abcd', array['https://shop.example.com'])`,
      [workspaceId, embedId],
    );
    for (const migration of migrations) await migration.up(asOwner);
    const found = await test.systemDb.findEmbedByKeyHash(Buffer.from('hash of old'), new Date());
    expect(found).toMatchObject({ workspaceId, embedId, allowedOrigins: ['https://shop.example.com'] });
    const [embed] = await test.inspect<{ forced: boolean; kept: number }>(
      `select relforcerowsecurity as forced, (select count(*)::int from embed_keys) as kept from pg_class where relname = 'embeds'`,
    );
    expect(embed).toEqual({ forced: true, kept: 2 });
  });
});
