import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type PoolConfig } from 'pg';
import { copyEmbeddedTemplate } from '../testing/embedded-template';
import { EmbeddedDatabase } from './embedded-database';
import { message, simpleQuery, sync } from './wire-messages';

/** Two application logins and a superuser on one engine; timeouts short enough to wait for. */
describe('The bridge to the embedded database', () => {
  let folder: string;
  let embedded: EmbeddedDatabase;
  let app: PoolConfig;
  let other: PoolConfig;
  let superuser: PoolConfig;
  let unguarded: PoolConfig;
  const clients: Client[] = [];

  const connected = async (config: PoolConfig): Promise<Client> => {
    const client = new Client(config);
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    await copyEmbeddedTemplate(join(folder, 'data'));
    embedded = await EmbeddedDatabase.open(join(folder, 'data'));
    const patient = { statementTimeoutMs: 30_000, idleInTransactionTimeoutMs: 30_000 };
    superuser = embedded.allow({ name: 'postgres', password: 's', kind: 'owner', ...patient });
    const admin = await connected(superuser);
    await admin.query('create role hasty login in role authenticated_users');
    await admin.query('create role unguarded login in role authenticated_users');
    await admin.query(
      'create table notes (id serial primary key, text text); grant all on notes, notes_id_seq to authenticated_users',
    );
    app = embedded.allow({ name: 'customercare_app', password: 'a', kind: 'application', ...patient });
    unguarded = embedded.allow({ name: 'unguarded', password: 'u', kind: 'owner', ...patient });
    other = embedded.allow({
      ...{ name: 'hasty', password: 'h', kind: 'application' },
      ...{ statementTimeoutMs: 400, idleInTransactionTimeoutMs: 400 },
    });
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  });

  afterAll(async () => {
    await embedded.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe('keeps clients apart', () => {
    it('goes on after an error in the extended protocol', async () => {
      const client = await connected(app);
      for (let round = 0; round < 5; round += 1) {
        await expect(client.query('select $1::int', ['not a number'])).rejects.toMatchObject({ code: '22P02' });
        await expect(client.query('select nonsense from nowhere where $1 = 1', [1])).rejects.toMatchObject({
          code: '42P01',
        });
        expect((await client.query<{ n: number }>('select $1::int as n', [round])).rows).toEqual([{ n: round }]);
      }
    });

    it('lets a second client wait until the first has ended its transaction', async () => {
      const [first, second] = [await connected(app), await connected(app)];
      const order: string[] = [];
      await first.query('begin');
      await first.query(`insert into notes (text) values ('interleaved')`);
      const waiting = second
        .query(`select count(*)::int as n from notes where text = 'interleaved'`)
        .then(({ rows }) => {
          order.push('second');
          return rows as { n: number }[];
        });
      await first.query('select 1');
      order.push('first');
      await first.query('commit');
      expect(await waiting).toEqual([{ n: 1 }]);
      expect(order).toEqual(['first', 'second']);
    });

    it('rolls back what a client leaves open when its connection dies', async () => {
      const [victim, witness] = [await connected(app), await connected(app)];
      await victim.query('begin');
      await victim.query(`insert into notes (text) values ('never committed')`);
      destroySocketOf(victim);
      const { rows } = await witness.query(`select * from notes where text = 'never committed'`);
      expect(rows).toEqual([]);
    });

    it('skips what a client had asked for when it died waiting', async () => {
      const [holder, victim, witness] = [await connected(app), await connected(app), await connected(app)];
      await holder.query('begin');
      const lost = victim.query(`insert into notes (text) values ('asked by a dead client')`).catch(() => 'lost');
      const answered = witness.query(`select count(*)::int as n from notes where text = 'asked by a dead client'`);
      destroySocketOf(victim);
      expect(await lost).toBe('lost');
      await holder.query('commit');
      expect((await answered).rows).toEqual([{ n: 0 }]);
    });

    it('gives two clients statements of the same name, also of names longer than 63 bytes', async () => {
      const [first, second] = [await connected(app), await connected(app)];
      const long = 'x'.repeat(70);
      const warned = jest.spyOn(console, 'error').mockImplementation(); // pg warns of long names
      for (let round = 0; round < 3; round += 1) {
        expect((await first.query({ name: 'same', text: 'select 1 as n' })).rows).toEqual([{ n: 1 }]);
        expect((await second.query({ name: 'same', text: 'select 2 as n' })).rows).toEqual([{ n: 2 }]);
        expect((await first.query({ name: `${long}a`, text: 'select 3 as n' })).rows).toEqual([{ n: 3 }]);
        expect((await first.query({ name: `${long}b`, text: 'select 4 as n' })).rows).toEqual([{ n: 4 }]);
      }
      warned.mockRestore();
    });

    it('drops the prepared statements of a client that left', async () => {
      const client = await connected(app);
      await client.query({ name: 'leaving', text: 'select 1' });
      const admin = await connected(superuser);
      const count = async () =>
        (await admin.query<{ n: number }>(`select count(*)::int as n from pg_prepared_statements`)).rows[0]?.n;
      expect(await count()).toBe(1);
      await client.end();
      expect(await count()).toBe(0);
    });

    it('never runs one client’s unnamed statement for another', async () => {
      const raw = await signedIn(app);
      const parse = message('P', Buffer.from(`\0select 'mine'\0`), Buffer.from([0, 0]));
      const bind = message('B', Buffer.from('\0\0'), Buffer.alloc(6));
      const execute = message('E', Buffer.from('\0'), Buffer.alloc(4));
      expect(await raw.ask(Buffer.concat([parse, sync()]))).not.toContain('ERROR');
      expect(await raw.ask(Buffer.concat([bind, execute, sync()]))).toContain('mine');
      expect(await raw.ask(Buffer.concat([parse, sync()]))).not.toContain('ERROR');
      await (await connected(app)).query(`select 'theirs' where $1`, [true]);
      expect(await raw.ask(Buffer.concat([bind, execute, sync()]))).toContain('26000');
      raw.end();
    });

    it('shows two tenants in 200 interleaved transactions not one row of the other', async () => {
      const tenants = ['0197a000-0000-7000-8000-00000000000a', '0197a000-0000-7000-8000-00000000000b'];
      const run = async (client: Client, id: string, work: string): Promise<{ id: string }[]> => {
        await client.query('begin');
        await client.query('select enter_context($1, null)', [id]);
        const { rows } = await client.query<{ id: string }>(work);
        await client.query(Math.random() < 0.3 ? 'rollback' : 'commit');
        return rows;
      };
      const pool = await Promise.all([1, 2, 3, 4].map(() => connected(app)));
      for (const id of tenants) {
        const [client] = pool;
        if (client) await client.query('begin').then(() => client.query('select enter_context($1, null)', [id]));
        await client?.query(`insert into workspaces (id, name) values ($1, 'tenant')`, [id]);
        await client?.query('commit');
      }
      let foreign = 0;
      let own = 0;
      await Promise.all(
        pool.map(async (client, lane) => {
          for (let round = 0; round < 50; round += 1) {
            const id = tenants[(round + lane) % 2] ?? '';
            const rows = await run(client, id, 'select id from workspaces');
            own += rows.filter((row) => row.id === id).length;
            foreign += rows.filter((row) => row.id !== id).length;
          }
        }),
      );
      expect({ foreign, own }).toEqual({ foreign: 0, own: 200 });
      expect((await pool[0]?.query('select id from workspaces'))?.rows).toEqual([]);
    });

    it('hands notifications to every client', async () => {
      const [listener, sender] = [await connected(app), await connected(app)];
      await listener.query('listen news');
      const heard = once(listener, 'notification');
      await sender.query(`begin; notify news, 'hello'; commit`);
      expect(await heard).toMatchObject([{ channel: 'news', payload: 'hello' }]);
    });

    it('serves twenty clients that come at once', async () => {
      const many = await Promise.all(Array.from({ length: 20 }, () => connected(app)));
      const answers = await Promise.all(
        many.map((client, n) => client.query<{ n: number }>('select $1::int as n', [n])),
      );
      expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(many.map((_, n) => n));
    });

    it('carries a value of five megabytes there and back', async () => {
      const client = await connected(app);
      const text = 'é'.repeat(2_500_000);
      expect((await client.query<{ text: string }>('select $1::text as text', [text])).rows[0]?.text).toBe(text);
    });
  });

  describe('keeps the application from becoming anybody else', () => {
    const attempts = [
      `set session authorization postgres`,
      `set session authorization default`,
      `reset session authorization`,
      `set local session authorization postgres`,
      `set role postgres`,
      `set local role postgres`,
      `SET  /* x */ SESSION -- y\n AUTHORIZATION 'postgres'`,
      `set session_authorization = 'postgres'`,
      `set local "session_authorization" to postgres`,
      `set local u&"\\0073ession_authorization" = 'postgres'`,
      `select 1; reset all`,
      `select ';'; discard all`,
      `select $q$ ; $q$; set role postgres`,
      `select e'\\'; set role postgres`.replace(`e'\\'`, `e'\\\\'`),
      `select set_config('session_authorization', 'postgres', false)`,
      `select set_config('session_' || 'authorization', 'postgres', true)`,
      `select pg_catalog.set_config('role', 'postgres', true)`,
      `update pg_settings set setting = 'postgres' where name = 'session_authorization'`,
      `do $$ begin execute 'reset session authorization'; end $$`,
      `create function public.f() returns void language sql as 'reset session authorization'`,
      `create temp table t (a int)`,
      `prepare p as select 1`,
      `execute p`,
      `deallocate all`,
      `unlisten *`,
      `copy notes to stdout`,
      `copy notes to program 'id'`,
      `declare c cursor with hold for select 1`,
      `select query_to_xml('reset session authorization', true, true, '')`,
      `select pg_read_file('/etc/passwd')`,
      `select * from pg_authid`,
      `create table t (a int)`,
      `create schema s`,
      `create role r superuser`,
      `alter table users disable row level security`,
      `alter role customercare_app superuser`,
      `grant app_owner to customercare_app`,
      `drop table users`,
      `truncate workspaces`,
      `alter system set fsync = on`,
      `load 'x'`,
      `vacuum`,
    ];

    it.each(attempts)('refuses %s', async (sql) => {
      const client = await connected(app);
      await expect(client.query(sql)).rejects.toMatchObject({
        code: expect.stringMatching(/^(42|0A|22|25|26)/) as string,
      });
      const { rows } = await client.query(
        `select session_user::text as s, current_user::text as u, current_setting('is_superuser') as p`,
      );
      expect(rows).toEqual([{ s: 'customercare_app', u: 'customercare_app', p: 'off' }]);
    });

    it.each([
      `select set_config('session_' || 'authorization', 'postgres', true)`,
      `update pg_settings set setting = 'postgres' where name = 'session_authorization'`,
      `do $$ begin execute 'reset session authorization'; end $$`,
      `create function public.f() returns void language plpgsql as $$ begin reset session authorization; end $$`,
      `create function public.f() returns void language sql as 'reset session authorization'`,
      `create temp table t (a int)`,
      `alter role unguarded superuser`,
      `grant app_owner to unguarded`,
    ])('has the engine refuse it too, should the guard ever miss it: %s', async (sql) => {
      const client = await connected(unguarded);
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      expect((await client.query('select session_user::text as s')).rows).toEqual([{ s: 'unguarded' }]);
    });

    it('lets ordinary statements pass that only look like refused ones', async () => {
      const client = await connected(app);
      const harmless = [
        `select 'reset; set role x' as "set role"`,
        `select 1 -- ; reset all`,
        `select $$; discard all$$`,
        `/* set */ select 1;`,
      ];
      for (const sql of harmless) await client.query(sql);
      await client.query(`begin; set local statement_timeout = '1s'; commit`);
    });

    it('fails the transaction in which a statement is refused', async () => {
      const client = await connected(app);
      await client.query('begin');
      await client.query(`insert into notes (text) values ('before a refusal')`);
      await expect(client.query('reset all')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
      await client.query('commit');
      const { rows } = await client.query(`select * from notes where text = 'before a refusal'`);
      expect(rows).toEqual([]);
    });

    it('changes the login with the client', async () => {
      const [one, two, three] = [await connected(app), await connected(superuser), await connected(other)];
      const who = async (client: Client) =>
        (await client.query<{ u: string }>('select session_user::text as u')).rows[0]?.u;
      for (let round = 0; round < 5; round += 1) {
        expect([await who(one), await who(two), await who(three)]).toEqual(['customercare_app', 'postgres', 'hasty']);
      }
    });

    it('asks for the login’s password', async () => {
      await expect(connected({ ...app, password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
      await expect(connected({ ...app, user: 'app_owner', password: 'a' })).rejects.toMatchObject({ code: '28P01' });
    });
  });

  describe('limits how long anybody holds it', () => {
    it('stops a statement that runs too long and serves the others afterwards', async () => {
      const [hasty, patient] = [await connected(other), await connected(app)];
      await patient.query(`insert into notes (text) values ('before the restart')`);
      const endless = hasty.query('select count(*) from generate_series(1, 1000000000)');
      const behind = patient.query(`select text from notes where text = 'before the restart'`);
      await expect(endless).rejects.toMatchObject({ code: '57014' });
      expect((await behind).rows).toEqual([{ text: 'before the restart' }]);
    });

    it('keeps the prepared statements of the others over such a restart', async () => {
      const [hasty, first, second] = [await connected(other), await connected(app), await connected(superuser)];
      const named = (text: string) => ({ name: 'kept', text, values: [] });
      await first.query(named('select 1 as n, session_user::text as u'));
      await second.query(named('select 2 as n, session_user::text as u'));
      await first.query({ name: 'broken', text: 'select nonsense' }).catch(() => undefined);
      const stopped = hasty.query('select pg_sleep(60)');
      const behind = first.query(named('select 1 as n, session_user::text as u'));
      await expect(stopped).rejects.toMatchObject({ code: '57014' });
      expect((await behind).rows).toEqual([{ n: 1, u: 'customercare_app' }]);
      expect((await second.query(named('select 2 as n, session_user::text as u'))).rows).toEqual([
        { n: 2, u: 'postgres' },
      ]);
    });

    it('remembers who listens over such a restart', async () => {
      const [hasty, listener] = [await connected(other), await connected(app)];
      await listener.query('listen after_restart');
      await expect(hasty.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
      const heard = once(listener, 'notification');
      await listener.query('notify after_restart');
      expect(await heard).toMatchObject([{ channel: 'after_restart' }]);
    });

    it('ends a transaction that nobody goes on with', async () => {
      const [idle, witness] = [await connected(other), await connected(app)];
      await idle.query('begin');
      await idle.query(`insert into notes (text) values ('idle')`);
      const ended = once(idle, 'error');
      const { rows } = await witness.query(`select * from notes where text = 'idle'`);
      expect(rows).toEqual([]);
      expect(await ended).toMatchObject([{ code: '25P03' }]);
    });

    it('does not lock up for good when a client waits for a second one inside its transaction', async () => {
      const [outer, inner] = [await connected(other), await connected(other)];
      await outer.query('begin');
      const { rows } = await inner.query('select 1 as n');
      expect(rows).toEqual([{ n: 1 }]);
      await expect(outer.query('select 1')).rejects.toThrow();
    });
  });

  /** A client that speaks the protocol by hand. */
  async function signedIn(config: PoolConfig) {
    const socket = connect(join(config.host ?? '', '.s.PGSQL.5432'));
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    const until = async (isEnough: () => boolean): Promise<void> => {
      while (!isEnough()) await once(socket, 'data');
    };
    const startup = Buffer.from(`\0\0\0\0\0\x03\0\0user\0${config.user ?? ''}\0\0`, 'latin1');
    startup.writeInt32BE(startup.length, 0);
    for (const byte of startup) socket.write(Buffer.from([byte])); // it may come in any pieces
    await until(() => received.startsWith('R'));
    socket.write(message('p', Buffer.from(`${String(config.password)}\0`)));
    await until(() => /Z....I$/s.test(received));
    return {
      ask: async (bytes: Buffer): Promise<string> => {
        received = '';
        socket.write(bytes);
        await until(() => /Z....[ITE]$/s.test(received));
        return received;
      },
      end: () => socket.destroy(),
    };
  }

  it('answers messages of a hand-made client in order, also several at once', async () => {
    const raw = await signedIn(app);
    const both = await raw.ask(Buffer.concat([simpleQuery(`select 'one'`), simpleQuery(`select 'two'`)]));
    expect(both.indexOf('one')).toBeGreaterThan(-1);
    raw.end();
  });
});

/** Cuts the connection as a crash of the client would. */
function destroySocketOf(client: Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }; // pg does not type it
  connection.stream.destroy();
}
