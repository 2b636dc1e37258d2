import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Database } from './database';
import { openDatabase } from './open-database';
import { TlsServer, whyNoTlsServer } from './testing/tls-server';

const reason = whyNoTlsServer();
const suite = reason === null ? describe : describe.skip;

suite(`A PostgreSQL server as it is shipped${reason === null ? '' : ` — skipped: ${reason}`}`, () => {
  let server: TlsServer;
  let opened: Database | undefined;

  beforeAll(async () => {
    server = await TlsServer.start();
  }, 120_000);
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  afterAll(() => server?.stop());

  const open = async (host: string, query: string): Promise<Database> => {
    const url = server.url('customercare_production_app', host, query);
    const config = { url, ownerUrl: server.url('customercare_owner', host, query), poolSize: 2 };
    opened = await openDatabase(config, tmpdir(), { secret: randomBytes(32), isProduction: true });
    return opened;
  };
  const verified = (authority: 'own' | 'other') => `?sslmode=verify-full&sslrootcert=${server.authority(authority)}`;
  const refused = (why: RegExp) => ({ name: 'DatabaseStartError', message: expect.stringMatching(why) as string });

  it('A30 B10 B12 B13 is reached encrypted, with its certificate verified, by logins that are no superusers', async () => {
    const { dataSource } = await open('localhost', verified('own'));
    const [connection] = await dataSource.query<{ ssl: boolean; version: string }[]>(
      `select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`,
    );
    expect(connection).toEqual({ ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) as string });
    const [login] = await dataSource.query<Record<string, boolean>[]>(
      `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as can, rolconnlimit > 0 as "isLimited"
       from pg_roles where rolname = current_user`,
    );
    expect(login).toEqual({ can: false, isLimited: true });
  });

  it('B11 refuses a connection in clear text', async () => {
    await expect(open('localhost', '')).rejects.toMatchObject(refused(/not without encryption/));
    await expect(open('localhost', '?sslmode=disable')).rejects.toMatchObject(refused(/not without encryption/));
  });

  it('B10 is not believed with a certificate of another authority', async () => {
    await expect(open('localhost', verified('other'))).rejects.toMatchObject(refused(/trusted authority/));
  });

  it('B10 is not believed under another name than its certificate has', async () => {
    await expect(open('127.0.0.1', verified('own'))).rejects.toMatchObject(refused(/another name/));
  });

  it('B16 B18 B19 lets no superuser in over the network', async () => {
    const superuser = `postgres://postgres:x@localhost:${server.port}/customercare${verified('own')}`;
    const opening = openDatabase({ url: superuser, ownerUrl: null, poolSize: 1 }, tmpdir(), {
      secret: randomBytes(32),
    });
    await expect(opening).rejects.toMatchObject(refused(/does not accept this login/));
  });
});
