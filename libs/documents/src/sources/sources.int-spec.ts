import { describeDatabase } from '@app/database/testing';
import type { Problem } from '@app/kernel';
import { LocalSite } from '@app/web-fetch/testing';
import type { DocumentView } from '../documents.dto';
import { DocumentsApp } from '../testing/documents-app';
import { readingFrom, SourceSite } from '../testing/source-site';
import type { SourcePageView } from './source-reports.dto';
import type { SourceView } from './sources.dto';

describeDatabase('A source of the web', (create) => {
  const site = new LocalSite();
  let app: DocumentsApp;
  let web: SourceSite;

  beforeAll(async () => {
    await site.start();
    app = await DocumentsApp.start(create, { env: readingFrom(site), parsesHere: true });
  });
  afterAll(async () => {
    await app?.close();
    await site.stop();
  });
  beforeEach(async () => {
    site.forget();
    web = new SourceSite(app, await app.addWorkspace(), site);
    web.page('/', 'Tea is served at four.', '/a', '/b');
    web.page('/a', 'Cake costs three.', '/');
    web.page('/b', 'We close on Mondays.', '/a');
  });

  const crawl = () => web.add({ kind: 'crawl', url: web.at('/') });
  const documents = async (): Promise<DocumentView[]> => {
    const answer = await app.fetch(web.ctx, '');
    return ((await answer.json()) as { items: DocumentView[] }).items; // asserted on by the tests
  };
  const code = async (method: string, path: string, body?: object): Promise<[number, string]> => {
    const answer = await web.call<Problem>(method, path, body);
    return [answer.status, answer.body.code];
  };
  const countsOf = ({ lastRun }: SourceView) =>
    Object.fromEntries(Object.entries(lastRun?.counts ?? {}).filter(([, count]) => count > 0));

  it('becomes documents that say where they are from', async () => {
    const source = await crawl();
    expect(source.lastRun).toMatchObject({ status: 'done', endReason: 'complete', errorCode: null });
    expect(countsOf(source)).toEqual({ added: 3 });
    expect(await web.report(source.id)).toEqual(['added /', 'added /a', 'added /b']);
    expect((await documents()).map(({ sourceUrl, sourceId, status }) => [sourceUrl, sourceId, status])).toEqual(
      ['/b', '/a', '/'].map((path) => [web.at(path), source.id, 'indexed']),
    );
    expect(await web.knows()).toEqual(['Cake costs three.', 'Tea is served at four.', 'We close on Mondays.']);
  });

  it('that has not changed changes nothing, and is not sent again where the site can tell', async () => {
    site.route('/a', ({ headers }, response) => {
      if (headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { 'content-type': 'text/html', etag: '"1"' }).end('<p>Cake costs three.');
    });
    const { id } = await crawl();
    const source = await web.sync(id);
    expect(countsOf(source)).toEqual({ unchanged: 3 });
    expect(await web.report(id)).toEqual([]);
    expect((await documents()).map(({ version }) => version)).toEqual([1, 1, 1]);
    expect(site.requests.filter(({ url }) => url === '/a').map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"1"',
    ]);
  });

  it('that changed is a new version of the same document, and changed back the old one again', async () => {
    const { id } = await crawl();
    web.page('/a', 'Cake costs four.', '/');
    expect(countsOf(await web.sync(id))).toEqual({ changed: 1, unchanged: 2 });
    expect(await web.knows()).toContain('Cake costs four.');
    web.page('/a', 'Cake costs three.', '/');
    expect(countsOf(await web.sync(id))).toEqual({ changed: 1, unchanged: 2 });
    expect(await web.report(id)).toEqual(['changed /a']);
    expect(await web.knows()).toEqual(['Cake costs three.', 'Tea is served at four.', 'We close on Mondays.']);
    const changed = (await documents()).find(({ sourceUrl }) => sourceUrl === web.at('/a'));
    expect([changed?.version, changed?.liveVersion, (await documents()).length]).toEqual([2, 1, 3]);
  });

  it('that loses a page keeps it for one run, and says which page links there', async () => {
    const { id } = await crawl();
    web.gone('/a');
    expect(countsOf(await web.sync(id))).toEqual({ dead: 1, unchanged: 2 });
    expect(await web.report(id)).toEqual(['dead /a from /']);
    expect(await web.knows()).toContain('Cake costs three.');
    expect(countsOf(await web.sync(id))).toEqual({ removed: 1, unchanged: 2 });
    expect(await web.report(id)).toEqual(['removed /a from /']);
    expect(await web.knows()).toEqual(['Tea is served at four.', 'We close on Mondays.']);
    const { body } = await web.call<{ items: SourcePageView[] }>('GET', `/${id}/pages?state=gone`);
    expect(body.items).toMatchObject([{ url: web.at('/a'), fromUrl: web.at('/'), errorCode: 'source.gone' }]);
    expect(countsOf(await web.sync(id))).toEqual({ dead: 1, unchanged: 2 });
    web.page('/a', 'Cake costs three.', '/');
    expect(countsOf(await web.sync(id))).toEqual({ restored: 1, unchanged: 2 });
    expect(await web.knows()).toContain('Cake costs three.');
    expect(await documents()).toHaveLength(3);
  });

  it('whose page nothing leads to any more is asked for it, and keeps it while it is there', async () => {
    const { id } = await crawl();
    web.page('/', 'Tea is served at four.', '/a');
    web.page('/a', 'Cake costs three.');
    await web.sync(id);
    await web.sync(id);
    expect(await web.knows()).toContain('We close on Mondays.');
    web.gone('/b');
    await web.sync(id);
    expect(await web.knows()).toContain('We close on Mondays.');
    await web.sync(id);
    expect(await web.report(id)).toEqual(['removed /b']);
    expect(await web.knows()).not.toContain('We close on Mondays.');
    await web.sync(id);
    expect((await web.call<{ items: unknown[] }>('GET', `/${id}/pages`)).body.items).toHaveLength(2);
  });

  it('that moves a page keeps one document, which says the new address once the old one is gone', async () => {
    const { id } = await crawl();
    site.redirect('/b', '/c');
    web.site.html('/c', `<title>/b</title><body><h1>About /b</h1><p>We close on Mondays.</p><a href="/a">see</a>`);
    expect(await web.report((await web.sync(id)).id)).toEqual(['added /c']);
    expect(await documents()).toHaveLength(3);
    await web.sync(id);
    expect(await web.report(id)).toEqual(['removed /b']);
    expect(await web.knows()).toContain('We close on Mondays.');
    expect((await documents()).map(({ sourceUrl }) => sourceUrl)).toContain(web.at('/c'));
  });

  it('that says the same on two pages has one document for both, until both are gone', async () => {
    for (const path of ['/a', '/b']) site.html(path, '<title>x</title><body><p>Parking is free.');
    const { id } = await crawl();
    const first = (await documents()).find(({ sourceUrl }) => sourceUrl === web.at('/a'));
    expect([first?.status, (await documents()).length]).toEqual(['indexed', 2]);
    web.gone('/a');
    await web.sync(id);
    await web.sync(id);
    expect(await web.report(id)).toEqual(['removed /a from /']);
    expect(await web.knows()).toContain('Parking is free.');
    web.gone('/b');
    await web.sync(id);
    await web.sync(id);
    expect(await web.knows()).not.toContain('Parking is free.');
  });

  it('that has what a file has already refers to it, and never takes it out of the answers', async () => {
    const bytes = '<title>x</title><body><p>Parking is free.';
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'text/html' }), 'parking.html');
    const uploaded = (await (await app.fetch(web.ctx, '', { method: 'POST', body: form })).json()) as DocumentView;
    site.html('/a', bytes);
    const { id } = await crawl();
    const { body } = await web.call<{ items: SourcePageView[] }>('GET', `/${id}/pages`);
    expect(body.items.find(({ url }) => url === web.at('/a'))).toMatchObject({ state: 'ok', documentId: uploaded.id });
    expect(await documents()).toHaveLength(3);
    web.gone('/a');
    await web.sync(id);
    await web.sync(id);
    expect(await web.report(id)).toEqual(['removed /a from /']);
    expect(await web.knows()).toContain('Parking is free.');
  });

  it('that fails changes nothing, is asked less often, and says why', async () => {
    const { id } = await web.add({ kind: 'crawl', url: web.at('/'), syncIntervalSeconds: 3600 });
    const before = await web.knows();
    for (const path of ['/', '/a', '/b']) site.route(path, (_request, response) => response.writeHead(500).end());
    for (const failures of [1, 2]) {
      const source = await web.sync(id);
      expect(source).toMatchObject({
        consecutiveFailures: failures,
        lastRun: { status: 'failed', errorCode: 'source.failing' },
      });
      const hours = (Date.parse(source.nextSyncAt ?? '') - Date.now()) / 3_600_000;
      expect(hours).toBeGreaterThan(2 ** failures - 0.1);
      expect(hours).toBeLessThan(2 ** failures * 1.11);
    }
    expect(await web.knows()).toEqual(before);
    for (const path of ['/', '/a', '/b']) web.gone(path);
    await web.sync(id);
    expect(await web.sync(id)).toMatchObject({ lastRun: { status: 'failed', errorCode: 'source.gone' } });
    expect(await web.knows()).toEqual(before);
    web.page('/', 'Tea is served at four.', '/a', '/b');
    web.page('/a', 'Cake costs three.', '/');
    web.page('/b', 'We close on Mondays.', '/a');
    expect(await web.sync(id)).toMatchObject({ consecutiveFailures: 0, lastRun: { status: 'done' } });
    expect(await web.knows()).toEqual(before);
  });

  it('whose single page fails keeps its document, and reports it', async () => {
    const { id } = await crawl();
    site.route('/a', (_request, response) => response.writeHead(403).end());
    expect(countsOf(await web.sync(id))).toEqual({ failed: 1, unchanged: 2 });
    expect(await web.report(id)).toEqual(['failed /a source.not-public from /']);
    site.html('/a', '<script>1</script>', { 'content-type': 'application/pdf' });
    expect(await web.report((await web.sync(id)).id)).toEqual(['failed /a document.type-mismatch']);
    expect(await web.report((await web.sync(id)).id)).toEqual(['failed /a document.type-mismatch']);
    expect(await web.knows()).toContain('Cake costs three.');
    web.page('/a', 'Cake costs three.', '/');
    expect(countsOf(await web.sync(id))).toEqual({ unchanged: 3 });
  });

  it('obeys robots.txt', async () => {
    site.text('/robots.txt', 'User-agent: CustomerCareBot\nDisallow: /a\n');
    expect(countsOf(await crawl())).toEqual({ added: 2 });
    expect(site.paths).not.toContain('/a');
    site.text('/robots.txt', 'User-agent: *\nDisallow: /\n');
    const { lastRun } = await web.add({ kind: 'url', url: web.at('/b') });
    expect(lastRun).toMatchObject({ status: 'failed', errorCode: 'source.robots-refused' });
  });

  it('that is a sitemap has the pages the sitemap names, and loses those it names no more', async () => {
    const sitemap = (...paths: string[]): void =>
      site.text(
        '/sitemap.xml',
        `<urlset>${paths.map((path) => `<url><loc>${web.at(path)}</loc></url>`).join('')}</urlset>`,
        'text/xml',
      );
    sitemap('/a', '/b');
    const { id } = await web.add({ kind: 'sitemap', url: web.at('/sitemap.xml') });
    expect(await web.report(id)).toEqual(['added /a', 'added /b']);
    sitemap('/a');
    expect(countsOf(await web.sync(id))).toEqual({ unchanged: 1 });
    site.text('/sitemap.xml', 'no sitemap', 'text/xml');
    expect((await web.sync(id)).lastRun).toMatchObject({ status: 'failed', errorCode: 'source.sitemap-invalid' });
    sitemap('/a');
    await web.sync(id);
    expect(await web.report(id)).toEqual(['removed /b']);
    expect(await web.knows()).toEqual(['Cake costs three.']);
  });

  it('that is one page is that page alone', async () => {
    const { id } = await web.add({ kind: 'url', url: web.at('/a#prices') });
    expect(await web.report(id)).toEqual(['added /a']);
    expect(await web.knows()).toEqual(['Cake costs three.']);
    web.gone('/a');
    await web.sync(id);
    expect((await web.sync(id)).lastRun).toMatchObject({ status: 'done', counts: { removed: 1 } });
    expect(await web.knows()).toEqual([]);
  });

  it('that is one page fails while the page is not there', async () => {
    const { id, lastRun } = await web.add({ kind: 'url', url: web.at('/nothing') });
    const gone = { status: 'failed', errorCode: 'source.gone' };
    expect(lastRun).toMatchObject(gone);
    web.page('/nothing', 'It opens at noon.');
    expect((await web.sync(id)).lastRun).toMatchObject({ status: 'done', counts: { added: 1 } });
    web.gone('/nothing');
    await web.sync(id);
    await web.sync(id);
    expect((await web.sync(id)).lastRun).toMatchObject(gone);
  });

  it('is refused at once when its address is not on the public web', async () => {
    for (const [url, refusal] of [
      ['ftp://example.com/', 'source.address-invalid'],
      ['https://user@example.com/', 'source.address-invalid'],
      ['https://example.com:8443/', 'source.address-invalid'],
      ['nothing', 'source.address-invalid'],
      ['http://169.254.169.254/latest/meta-data/', 'source.address-refused'],
      ['http://2130706433/', 'source.address-refused'],
      ['http://localhost/', 'source.address-refused'],
    ]) {
      expect(await code('POST', '', { kind: 'url', url })).toEqual([400, refusal]);
    }
    expect((await web.call<{ items: unknown[] }>('GET')).body.items).toEqual([]);
  });

  it('is there once, and changed in what may be changed', async () => {
    const { id, nextSyncAt } = await crawl();
    expect(nextSyncAt).toBeNull();
    expect((await web.call('POST', '', { kind: 'crawl', url: web.at('/') })).body).toMatchObject({
      code: 'source.exists',
      existingId: id,
    });
    const { body } = await web.call<SourceView>('PUT', `/${id}`, {
      title: 'Help',
      syncIntervalSeconds: 86_400,
      maxPages: 2,
    });
    expect(body).toMatchObject({ title: 'Help', syncIntervalSeconds: 86_400, maxPages: 2, maxDepth: 5 });
    expect(Date.parse(body.nextSyncAt ?? '')).toBeGreaterThan(Date.now() + 86_000_000);
    expect((await web.sync(id)).lastRun).toMatchObject({ endReason: 'limit' });
    expect(await web.knows()).toHaveLength(3);
    expect((await web.call<{ items: unknown[] }>('GET', `/${id}/runs?limit=1`)).body).toMatchObject({
      items: [{ status: 'done', endReason: 'limit' }],
      nextCursor: expect.any(String),
    });
    expect(await code('PUT', `/${id}`, { syncIntervalSeconds: 3599 })).toEqual([400, 'request.invalid']);
  });

  it('goes with its documents, or leaves them as ordinary ones', async () => {
    const first = await crawl();
    expect((await web.call('DELETE', `/${first.id}`)).status).toBe(204);
    expect(await code('GET', `/${first.id}`)).toEqual([404, 'source.not-found']);
    expect([await documents(), await web.knows()]).toEqual([[], []]);
    const second = await crawl();
    expect(countsOf(second)).toEqual({ added: 3 });
    expect((await web.call('DELETE', `/${second.id}?documents=keep`)).status).toBe(204);
    expect((await documents()).map(({ sourceId, sourceUrl }) => [sourceId, sourceUrl])).toEqual(
      ['/b', '/a', '/'].map((path) => [null, web.at(path)]),
    );
    expect(await web.knows()).toHaveLength(3);
  });

  it('brings back a document that somebody deleted', async () => {
    const { id } = await crawl();
    const deleted = (await documents()).find(({ sourceUrl }) => sourceUrl === web.at('/a'));
    await app.fetch(web.ctx, `/${deleted?.id}`, { method: 'DELETE' });
    expect(await web.report((await web.sync(id)).id)).toEqual(['added /a']);
    expect(await web.knows()).toContain('Cake costs three.');
  });
});
