import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { copyEmbeddedTemplate } from '../testing/embedded-template';
import { Bridge } from './bridge';
import { Engine } from './engine';
import { Housekeeping } from './housekeeping';

describe('Housekeeping', () => {
  let folder: string;
  let engine: Engine;
  let bridge: Bridge;
  let client: Client;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    await copyEmbeddedTemplate(folder);
    engine = new Engine(join(folder, 'database'));
    bridge = new Bridge(engine);
    await engine.start();
    await bridge.listen();
    const limits = { statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 60_000 };
    bridge.allow({ name: 'postgres', password: 'p', kind: 'owner', ...limits });
    client = new Client({
      host: bridge.socketFolder,
      port: 5432,
      user: 'postgres',
      password: 'p',
      database: 'postgres',
    });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await bridge.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const segments = async (): Promise<number> =>
    (await readdir(join(folder, 'database', 'pg_wal'))).filter((file) => /^[0-9A-F]{24}$/.test(file)).length;
  const fill = async (): Promise<void> => {
    for (let round = 0; round < 8; round += 1) {
      await client.query('insert into big select repeat(md5(random()::text), 30) from generate_series(1, 10000)');
    }
  };

  it('keeps the log from growing and removes dead rows', async () => {
    const housekeeping = new Housekeeping(bridge.session);
    await client.query('create table big (t text)');
    await fill();
    await client.query('delete from big');
    const grown = await segments();
    await housekeeping.tidy();
    await fill();
    await housekeeping.tidy();
    expect(grown).toBeGreaterThan(4);
    expect(await segments()).toBeLessThanOrEqual(grown);
    const { rows } = await client.query(
      `select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'big'`,
    );
    expect(rows).toEqual([{ dead: 0 }]);
  });

  it('does nothing while nothing happens', async () => {
    const housekeeping = new Housekeeping(bridge.session);
    await client.query('select 1');
    await housekeeping.tidy();
    const before = bridge.session.batches;
    await housekeeping.tidy();
    expect(bridge.session.batches).toBe(before);
  });

  it('waits while a client is in a transaction', async () => {
    const housekeeping = new Housekeeping(bridge.session);
    await client.query('begin');
    await client.query('create table mine (a int)');
    const tidied = housekeeping.tidy();
    await client.query('insert into mine values (1)');
    await client.query('commit');
    await tidied;
    expect((await client.query('select a from mine')).rows).toEqual([{ a: 1 }]);
  });
});
