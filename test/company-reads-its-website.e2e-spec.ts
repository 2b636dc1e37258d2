import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalNameServer, LocalSite } from '@app/web-fetch/testing';
import { Admin } from './support/admin';
import { projectRoot } from './support/product';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const CASES = join(projectRoot, '..', 'shared', 'data', 'attack', 'own', 'ssrf-urls.json');
const cases = existsSync(CASES) ? (JSON.parse(readFileSync(CASES, 'utf8')) as { id: string; url: string }[]) : [];

interface Run {
  status: string;
  errorCode: string | null;
  counts: Record<string, number>;
}
interface SourceView {
  id: string;
  code?: string;
  lastRun: Run;
}
interface Change {
  kind: string;
  url: string;
  fromUrl: string | null;
}

describeStack('A company reads its website', (start) => {
  const names = new LocalNameServer();
  const site = new LocalSite({ address: '127.0.0.2' });
  let canary: LocalSite;
  let stack: Stack;
  let admin: Admin;
  let visitor: Visitor;
  let sourceId: string;

  const at = (path: string): string => `http://${site.endpoint}${path}`;
  const page = (path: string, title: string, text: string, ...links: string[]): void =>
    site.html(
      path,
      `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p>
       ${links.map((link) => `<p><a href="${link}">More</a></p>`).join('')}</body></html>`,
    );

  beforeAll(async () => {
    const server = await names.start();
    await site.start();
    // Everything inside: only the port is one that may be read, so that it is the address that is judged.
    canary = await new LocalSite({ port: site.port }).start();
    site.text('/robots.txt', 'User-agent: *\nDisallow: /staff\n');
    page('/', 'Lantern shop', 'We sell lanterns of paper and of glass.', '/returns', '/hours', '/delivery', '/staff');
    page('/returns', 'Returns', 'You can return a lantern within thirty days of delivery. Keep the receipt.');
    page('/hours', 'Opening hours', 'The shop in Lisbon is open from nine to six on weekdays.', '/returns');
    page('/delivery', 'Delivery', 'Delivery to the islands takes eleven working days.', '/hours');
    page('/staff', 'Staff', 'The code of the staff entrance is WALRUS-7731.');
    stack = await start({
      WEB_FETCH_TEST_ENDPOINTS: JSON.stringify([site.endpoint]),
      WEB_FETCH_TEST_DNS: server,
      WEB_FETCH_TEST_PAUSE_MS: '0',
    });
    admin = await Admin.register(stack.url);
    const embed = await admin.createEmbed([SITE]);
    visitor = await Visitor.arrive(stack.url, embed.embedKey, SITE);
  }, 180_000);

  afterAll(async () => {
    visitor?.leave();
    await stack?.stop();
    await canary?.stop();
    await site.stop();
    await names.stop();
  });

  const ended = async (id: string): Promise<SourceView> => {
    let view: SourceView | undefined;
    await until(
      async () => {
        view = (await admin.inWorkspace<SourceView>('GET', `/sources/${id}`)).body;
        return view.lastRun.status !== 'running';
      },
      60,
      () => `the end of the sync, now ${JSON.stringify(view?.lastRun)}`,
    );
    if (!view) throw new Error('the source was not read');
    return view;
  };
  const areRead = (): Promise<void> =>
    until(async () => {
      const { body } = await admin.inWorkspace<{ items: { status: string }[] }>('GET', '/documents');
      return body.items.every(({ status }) => status === 'indexed');
    }, 60);
  const sync = async (): Promise<Run> => {
    expect((await admin.inWorkspace('POST', `/sources/${sourceId}/sync`)).status).toBe(202);
    const { lastRun } = await ended(sourceId);
    await areRead();
    return lastRun;
  };
  const report = async (): Promise<string[]> => {
    const { body } = await admin.inWorkspace<{ items: Change[] }>('GET', `/sources/${sourceId}/changes`);
    return body.items.map(({ kind, url }) => `${kind} ${url.replace(at(''), '')}`);
  };

  it('and visitors get answers from it that lead to the page', async () => {
    const added = await admin.inWorkspace<SourceView>('POST', '/sources', {
      kind: 'crawl',
      url: at('/'),
      title: 'Our shop',
      syncIntervalSeconds: 86_400,
    });
    expect(added.status).toBe(202);
    sourceId = added.body.id;
    const followed = await admin.followed<SourceView>(`/sources/${sourceId}`);
    expect(followed.at(0)?.lastRun.status).toBe('running');
    expect(followed.at(-1)?.lastRun.status).toBe('done');
    expect((await ended(sourceId)).lastRun).toMatchObject({ status: 'done', counts: { added: 4, failed: 0 } });
    await areRead();
    expect((await report()).sort()).toEqual(['added /', 'added /delivery', 'added /hours', 'added /returns']);
    const answer = await visitor.ask('Within how many days can I return a lantern?');
    expect(answer.outcome).toBe('answered');
    expect(answer.text).toContain('thirty days');
    expect(answer.citations[0]).toMatchObject({ documentTitle: 'Returns', url: at('/returns') });
    expect((await visitor.ask('When is the shop in Lisbon open?')).text).toContain('from nine to six');
    // robots.txt asks to leave this one alone.
    expect(site.paths).not.toContain('/staff');
    expect((await visitor.ask('What is the code of the staff entrance?')).text).not.toContain('WALRUS');
  }, 120_000);

  it('and what changes there changes the answers, and the report says so', async () => {
    page('/returns', 'Returns', 'You can return a lantern within ninety days of delivery. Keep the receipt.');
    expect(await sync()).toMatchObject({ status: 'done', counts: { changed: 1, unchanged: 3, added: 0 } });
    expect(await report()).toEqual(['changed /returns']);
    const answer = await visitor.ask('Within how many days can I return a lantern?');
    expect(answer.text).toContain('ninety days');
    expect(answer.text).not.toContain('thirty days');
  }, 120_000);

  it('and what is gone from there is told as a dead link, and after the second time not answered from', async () => {
    site.routes.delete('/hours');
    await sync();
    expect(await report()).toEqual(['dead /hours']);
    const { body } = await admin.inWorkspace<{ items: Change[] }>('GET', `/sources/${sourceId}/pages?state=gone`);
    expect(body.items).toMatchObject([{ url: at('/hours'), fromUrl: at('/') }]);
    expect((await visitor.ask('When is the shop in Lisbon open?')).text).toContain('from nine to six');
    expect(await sync()).toMatchObject({ counts: { removed: 1 } });
    expect(await report()).toEqual(['removed /hours']);
    expect((await visitor.ask('When is the shop in Lisbon open?')).text).not.toContain('from nine to six');
  }, 120_000);

  it('and a site that is down takes nothing away', async () => {
    const shop = new Map(site.routes);
    for (const path of shop.keys()) site.route(path, (_request, response) => response.writeHead(502).end());
    expect(await sync()).toMatchObject({ status: 'failed', errorCode: 'source.failing' });
    expect(await sync()).toMatchObject({ status: 'failed' });
    for (const [path, route] of shop) site.route(path, route);
    expect((await visitor.ask('How long does delivery to the islands take?')).text).toContain('eleven working days');
  }, 120_000);

  const attacked = cases.length > 0 ? it : it.skip;
  attacked(
    'F08 and no address of the attack list leads inside, by itself, by redirect or by name',
    async () => {
      canary.forget();
      names.names.set('rebind.test', ['127.0.0.1']);
      names.names.set('cname.test', ['127.0.0.2', '127.0.0.1']);
      // Answers for the site while robots.txt is read, and for the inside afterwards.
      names.names.set('turning.test', ['127.0.0.2']);
      site.route('/robots.txt', ({ headers }, response) => {
        if (headers.host?.startsWith('turning.test')) names.names.set('turning.test', ['127.0.0.1']);
        response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: *\nAllow: /\n');
      });
      const faults: string[] = [];
      const accepted: [string, string][] = [];
      const tried = [...cases.map(({ url }) => url), `http://turning.test:{P}/`].map(addressOf);
      for (const url of tried) {
        const { status, body } = await admin.inWorkspace<SourceView>('POST', '/sources', { kind: 'url', url });
        if (status === 202) accepted.push([url, body.id]);
        else if (status !== 400 || !/^(source\.address-|request\.invalid)/.test(body.code ?? ''))
          faults.push(`${url}: ${status}`);
      }
      for (const [url, id] of accepted) {
        const { lastRun } = await ended(id);
        if (lastRun.status !== 'failed') faults.push(`${url}: ${JSON.stringify(lastRun)}`);
      }
      expect(faults).toEqual([]);
      expect(canary.connections).toBe(0);
      expect(accepted.length).toBeGreaterThan(3);
      expect(tried.length - accepted.length).toBeGreaterThan(15);
      const { body } = await admin.inWorkspace<{ items: unknown[] }>('GET', '/documents');
      expect(body.items).toHaveLength(4);
    },
    120_000,
  );

  /** The list names addresses, redirects, and one answer that lies about its length. */
  function addressOf(written: string, index: number): string {
    const target = written.replaceAll('{P}', String(site.port)).replace(/ \(.*\)$/, '');
    const path = `/attack-${index}`;
    const redirect = /^REDIRECT (\d+) -> (.*)$/.exec(target);
    if (redirect) site.redirect(path, redirect[2] ?? '', Number(redirect[1]));
    else if (target.startsWith('Content-Length 100')) {
      site.route(path, ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n');
        socket.end(Buffer.alloc(10 * 1024 * 1024, 'x'));
      });
    } else return target;
    return at(path);
  }
});
