import { BAD_ENVIRONMENTS, goodEnvironment } from '@app/config/testing';
import { TlsServer, whyNoTlsServer } from '@app/database/testing';
import { call } from './support/admin';
import { Product, temporaryFolder } from './support/product';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;
/** Longer than the five seconds the product needs at most, because other tests run beside this one. */
const PATIENCE_MS = 20_000;
/** Shorter values are words of the messages themselves. */
const TELLING_CHARS = 8;

interface Outcome {
  code: number | null;
  printed: string;
}

async function startAndEnd(env: Record<string, string>): Promise<Outcome> {
  const folder = temporaryFolder();
  const product = await Product.spawn({ dataDir: folder.path, env });
  const timer = setTimeout(() => void product.kill(), PATIENCE_MS);
  const code = await product.exitCode();
  clearTimeout(timer);
  folder.dispose();
  return { code, printed: product.log };
}

describe('An operator starts production with one setting wrong', () => {
  it('D09 A30 A41 A42 A43 A44 A45 A46 A47 B10 B30 B33 and is told which, and nothing else is printed', async () => {
    const faults: string[] = [];
    const waiting = [...BAD_ENVIRONMENTS];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { name, setting, value } = next;
        const { ENVIRONMENT, ...good } = goodEnvironment();
        const text = value({ ENVIRONMENT, ...good });
        const { code, printed } = await startAndEnd({ ENVIRONMENT, ...good, [setting]: text });
        const shown = [text, ...Object.values(good)].filter((part) => part.length >= TELLING_CHARS);
        if (code !== EXIT_CONFIG) faults.push(`${name} ended with ${code}`);
        if (!printed.includes(setting)) faults.push(`${name} was not named`);
        if (shown.some((part) => printed.includes(part) && part !== ENVIRONMENT)) faults.push(`${name} was printed`);
      }
    };
    await Promise.all([work(), work()]);
    expect(faults).toEqual([]);
  }, 180_000);

  it('A41 B33 and in development, too, a weak secret is refused and none is made up in its place', async () => {
    const { code, printed } = await startAndEnd({ JWT_SECRET: 'defaultsecretfordevonly' });
    expect(code).toBe(EXIT_CONFIG);
    expect(printed).toContain('JWT_SECRET');
    expect(printed).not.toContain('defaultsecretfordevonly');
  }, 60_000);
});

const reason = whyNoTlsServer();
const suite = reason === null ? describe : describe.skip;

suite(
  `An operator gives production a login that is too mighty${reason === null ? '' : ` — skipped: ${reason}`}`,
  () => {
    let server: TlsServer;
    let env: Record<string, string>;
    const app = 'customercare_production_app';

    beforeAll(async () => {
      server = await TlsServer.start();
      const query = `?sslmode=verify-full&sslrootcert=${server.authority('own')}`;
      env = {
        ...goodEnvironment(),
        ALLOWED_HOSTS: '["127.0.0.1"]',
        HOST: '127.0.0.1',
        REDIS_URL: '',
        DATABASE_URL: server.url(app, 'localhost', query),
        DATABASE_OWNER_URL: server.url('customercare_owner', 'localhost', query),
      };
    }, 120_000);
    afterAll(() => server?.stop());

    it('A44 A45 B16 and with the right one production runs, without a page of documentation', async () => {
      const folder = temporaryFolder();
      const product = await Product.start({ dataDir: folder.path, env });
      const answer = await call<{ code: string }>(product.url, 'GET', '/docs/json');
      expect([answer.status, answer.body.code]).toEqual([404, 'route.not-found']);
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
      await product.stop();
      folder.dispose();
    }, 120_000);

    it.each([
      ['a superuser', `alter role ${app} superuser`, `alter role ${app} nosuperuser`],
      ['one that bypasses row-level security', `alter role ${app} bypassrls`, `alter role ${app} nobypassrls`],
      ['one that makes roles', `alter role ${app} createrole`, `alter role ${app} nocreaterole`],
      ['a member of the owner', `grant app_owner to ${app}`, `revoke app_owner from ${app}`],
      ['the owner of a table', `alter table documents owner to ${app}`, 'alter table documents owner to app_owner'],
    ])('B16 D09 but %s is refused by name', async (_name, spoil, repair) => {
      server.asSuperuser(spoil);
      const { code, printed } = await startAndEnd({ ...env, DATABASE_OWNER_URL: '' });
      server.asSuperuser(repair);
      expect([code, printed]).toEqual([1, expect.stringContaining('DATABASE_URL')]);
      expect(printed).not.toContain(server.passwords.app_password);
    });
  },
);
