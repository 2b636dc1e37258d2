import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Admin, call } from './support/admin';
import { Product, temporaryFolder } from './support/product';
import { Visitor } from './support/visitor';

const NOTE = Buffer.from('# Opening hours\n\nOn Sundays the shop in Lisbon opens at eleven.\n');
const SITE = 'https://www.example.com';

describe('An operator starts and stops the product on one data folder', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let product: Product;

  beforeAll(async () => {
    folder = temporaryFolder();
    chmodSync(folder.path, 0o700);
    product = await Product.start({ dataDir: folder.path });
  }, 120_000);

  afterAll(async () => {
    await product?.stop();
    folder.dispose();
  });

  const restart = async (): Promise<void> => {
    product = await Product.start({ dataDir: folder.path });
  };

  it('and the first start prints the demo page, the API docs and the first admin, who can sign in', async () => {
    await product.waitForOutput('Ready');
    expect(product.log).toContain('/demo');
    expect(product.log).toContain('/docs');
    const [, email] = /e-mail\s+(\S+)/i.exec(product.log) ?? [];
    const [, password] = /password\s+(\S+)/i.exec(product.log) ?? [];
    const answer = await call<{ accessToken: string }>(product.url, 'POST', '/v1/auth/login', {
      body: { email, password },
    });
    expect([answer.status, typeof answer.body.accessToken]).toEqual([200, 'string']);
    const demo = await fetch(`${product.demoUrl}/demo`);
    expect([demo.status, (await demo.text()).includes('/widget/v1/customercare.js')]).toEqual([200, true]);
    expect((await fetch(`${product.url}/docs`)).status).toBe(200);
  });

  it('and a second start on the same folder is refused with a clear message while the first goes on', async () => {
    const second = await Product.spawn({ dataDir: folder.path });
    expect(await second.exitCode()).not.toBe(0);
    expect(second.log).toContain(folder.path);
    expect(second.log).toContain(String(product.pid));
    expect(second.log).not.toMatch(/at \w+.*\(.*:\d+:\d+\)/);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  }, 60_000);

  it('and data, sessions and answers survive Ctrl-C and kill -9', async () => {
    const admin = await Admin.register(product.url);
    await admin.uploadAndIndex('hours.md', NOTE, 'text/markdown');
    const { embedKey } = await admin.createEmbed([SITE]);

    expect(await product.stop('SIGINT')).toBe(0);
    await restart();
    await askAboutLisbon(embedKey);

    await product.kill();
    await restart();
    const { resumeToken } = await askAboutLisbon(embedKey);
    const refreshed = await call<{ accessToken: string }>(product.url, 'POST', '/v1/auth/refresh', {
      body: { refreshToken: admin.session.refreshToken },
    });
    expect(refreshed.status).toBe(200);
    expect(resumeToken).toBeTruthy();
  }, 120_000);

  it('and nobody else on the machine can read the secrets', () => {
    const secrets = JSON.parse(readFileSync(join(folder.path, 'secrets.json'), 'utf8')) as Record<string, string>;
    for (const name of ['secrets.json', 'first-admin.json', 'database', 'blobs']) {
      expect([name, statSync(join(folder.path, name)).mode & 0o077]).toEqual([name, 0]);
    }
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(3);
    expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
    for (const secret of Object.values(secrets)) expect(product.log).not.toContain(secret);
  });

  const askAboutLisbon = async (embedKey: string) => {
    const visitor = await Visitor.arrive(product.url, embedKey, SITE);
    const end = await visitor.ask('When does the shop in Lisbon open on Sundays?');
    expect(end.text).toContain('eleven');
    visitor.leave();
    return visitor.session;
  };
});

describe('An operator starts the product in production', () => {
  const start = async (env: Record<string, string>): Promise<Product> => {
    const folder = temporaryFolder();
    const product = await Product.spawn({ dataDir: folder.path, env: { ENVIRONMENT: 'production', ...env } });
    await product.exitCode();
    folder.dispose();
    return product;
  };

  it('and without secrets it names every missing one and exits with 78', async () => {
    const product = await start({});
    expect(await product.exitCode()).toBe(78);
    for (const name of ['SECRET_KEY', 'JWT_SECRET', 'ENCRYPTION_KEY', 'DATABASE_URL'])
      expect(product.log).toContain(name);
  });

  it('and a weak secret is refused without being printed', async () => {
    const weak = 'defaultsecretfordevonly';
    const product = await start({ JWT_SECRET: weak });
    expect(await product.exitCode()).toBe(78);
    expect(product.log).toContain('JWT_SECRET');
    expect(product.log).not.toContain(weak);
  });
});
