import { SafeFetch } from '../fetch/safe-fetch';
import { LocalSite } from '../testing/local-site';
import { ScriptedResolver } from '../testing/scripted-resolver';
import type { CrawlEvent, CrawlOptions, KnownPage } from './crawl-event';
import { Crawler } from './crawler';

describe('Crawling a site', () => {
  let site: LocalSite;
  let canary: LocalSite;
  let resolver: ScriptedResolver;
  let crawler: Crawler;

  const at = (path: string, host = 'docs.test'): string => `http://${host}:${site.port}${path}`;
  const links = (...paths: string[]): string => paths.map((path) => `<a href="${path}">x</a>`).join('');
  async function crawl(options: Partial<CrawlOptions> = {}): Promise<CrawlEvent[]> {
    const events: CrawlEvent[] = [];
    const defaults = { seeds: [at('/')], maxDepth: 5, maxPages: 50, accept: ['text/html'] };
    for await (const event of crawler.crawl({ ...defaults, ...options })) events.push(event);
    return events;
  }
  /** `page /a`, `gone /b`, `failed /c source.timeout`, `end complete`. */
  const short = (event: CrawlEvent): string => {
    if (event.kind === 'end') return `end ${event.reason}`;
    const path = event.url.replace(at(''), '');
    return event.kind === 'failed' ? `failed ${path} ${event.error.code}` : `${event.kind} ${path}`;
  };
  const told = async (options?: Partial<CrawlOptions>): Promise<string[]> => (await crawl(options)).map(short);
  const asked = (): string[] => site.paths.filter((path) => path !== '/robots.txt');

  beforeAll(async () => {
    site = await new LocalSite().start();
    canary = await new LocalSite({ address: '127.0.0.2', port: site.port }).start();
  });
  beforeEach(() => {
    site.forget();
    canary.forget();
    resolver = new ScriptedResolver().on('docs.test', ['127.0.0.1']).on('inside.test', ['127.0.0.2']);
    const exceptions = { endpoints: [site.endpoint] };
    const fetcher = new SafeFetch({ environment: 'test', contactUrl: null, resolver, exceptions, totalMs: 2_000 });
    crawler = new Crawler(fetcher, { minMs: 0, maxMs: 50 });
  });
  afterEach(() => expect(canary.connections).toBe(0));
  afterAll(async () => {
    await site.stop();
    await canary.stop();
  });

  it('goes breadth first over its own host, each page once, and tells how far it is', async () => {
    site.html('/', links('/a', 'b#x', '/b', 'https://other.test/', `${at('/', 'docs.test')}?utm_source=y`));
    site.html('/a', links('/a/deep', '/'));
    site.html('/b', links('/a'));
    site.html('/a/deep', 'end');
    const events = await crawl();
    expect(events.map(short)).toEqual(['page /', 'page /a', 'page /b', 'page /a/deep', 'end complete']);
    expect(events[0]).toMatchObject({
      depth: 0,
      content: { mediaType: 'text/html' },
      known: { canonicalUrl: at('/'), links: [at('/a'), at('/b'), at('/')] },
      progress: { delivered: 1, failed: 0, skipped: 0, waiting: 2 },
    });
    expect(events.at(-1)?.progress).toEqual({ delivered: 4, failed: 0, skipped: 0, waiting: 0 });
    expect(resolver.asked).not.toContain('other.test');
    expect(site.paths[0]).toBe('/robots.txt');
    expect(site.paths).toHaveLength(5);
  });

  it('stops at the depth and the number of pages it was given', async () => {
    for (const page of [1, 2, 3, 4]) site.html(`/${page}`, links(`/${page + 1}`));
    expect(await told({ seeds: [at('/1')], maxDepth: 0 })).toEqual(['page /1', 'end complete']);
    expect(await told({ seeds: [at('/1')], maxDepth: 2 })).toEqual(['page /1', 'page /2', 'page /3', 'end complete']);
    expect(await told({ seeds: [at('/1')], maxPages: 2 })).toEqual(['page /1', 'page /2', 'end limit']);
  });

  it('ends on a site without end, also one of dead links', async () => {
    site.html('/', links(...Array.from({ length: 1_500 }, (_, index) => `/dead/${index}`)));
    const events = await crawl({ maxPages: 6 });
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'limit' });
    expect(asked()).toHaveLength(24);
  });

  it('tells of dead links and where they stand, and passes over what is not read', async () => {
    site.html('/', links('/gone', '/broken', '/private', '/picture', '/away', '/slow'));
    site.route('/gone', (_request, response) => response.writeHead(410).end());
    site.route('/broken', (_request, response) => response.writeHead(500).end());
    site.route('/private', (_request, response) => response.writeHead(401).end());
    site.route('/slow', () => undefined);
    site.text('/picture', 'x', 'image/png');
    site.redirect('/away', 'https://other.test/');
    const events = await crawl();
    expect(events.map(short)).toEqual([
      'page /',
      'gone /gone',
      'failed /broken source.failing',
      'failed /private source.not-public',
      'failed /slow source.timeout',
      'end complete',
    ]);
    expect(events[1]).toMatchObject({ from: at('/') });
    expect(events.at(-1)?.progress).toEqual({ delivered: 1, failed: 4, skipped: 2, waiting: 0 });
  });

  it('tells of each seed why it is not read', async () => {
    site.text('/picture', 'x', 'image/png');
    site.redirect('/away', 'https://other.test/');
    site.redirect('/loop', '/loop2');
    site.redirect('/loop2', '/loop');
    const seeds = ['nonsense', 'ftp://docs.test/', at('/picture'), at('/away'), at('/loop'), at('/none')];
    expect(await told({ seeds })).toEqual([
      'failed nonsense source.address-invalid',
      'failed ftp://docs.test/ source.address-invalid',
      'failed /picture source.type-refused',
      'failed /away source.redirect-refused',
      'gone /none',
      'failed /loop2 source.redirect-refused',
      'end complete',
    ]);
  });

  it('F08 a page leads nowhere inside, by link, redirect, base or canonical address', async () => {
    const inside = `http://inside.test:${site.port}/`;
    site.html(
      '/',
      `<base href="${at('/')}"><link rel=canonical href="${inside}">` +
        links(inside, `http://127.0.0.2:${site.port}/`, 'http://localhost/', 'file:///etc/passwd', '/moved', '/moved2'),
    );
    site.redirect('/moved', inside);
    site.redirect('/moved2', `http://127.0.0.2:${site.port}/`);
    expect(await told()).toEqual(['page /', 'failed /moved2 source.address-refused', 'end complete']);
    expect(resolver.asked).not.toContain('inside.test');
    expect(await told({ seeds: [inside] })).toEqual([`failed ${inside} source.unreachable`, 'end complete']);
  });

  it('F08 a site that moves inside while it is crawled is lost', async () => {
    resolver.on('docs.test', ['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2']);
    site.html('/', links('/a'));
    expect(await told()).toEqual(['page /', 'failed /a source.unreachable', 'end complete']);
  });

  it('follows redirects as links of their own, and takes www for the same site', async () => {
    resolver.on('www.docs.test', ['127.0.0.1']);
    site.route('/', (request, response) =>
      request.headers.host?.startsWith('www.')
        ? response.writeHead(200, { 'content-type': 'text/html' }).end(links('/old', '/new', '/1'))
        : response.writeHead(301, { location: at('/', 'www.docs.test') }).end(),
    );
    site.redirect('/old', '/new');
    site.html('/new', 'new');
    for (const hop of [1, 2, 3, 4]) site.redirect(`/${hop}`, `/${hop + 1}`);
    const pages = (await crawl()).map(short).map((line) => line.replace(at('', 'www.docs.test'), ''));
    expect(pages).toEqual(['page /', 'page /new', 'failed /4 source.redirect-refused', 'end complete']);
    expect(asked().filter((path) => path === '/new')).toHaveLength(1);
  });

  it('reads pages that call another one their own once', async () => {
    const canonical = `<link rel=canonical href="/real">`;
    site.html('/', links('/print', '/real', '/mobile'));
    for (const path of ['/print', '/mobile', '/real']) site.html(path, canonical + links('/more'));
    site.html('/more', '');
    const events = await crawl();
    // The first copy comes before the page itself, which then stands in its place.
    expect(events.map(short)).toEqual(['page /', 'page /print', 'page /real', 'page /more', 'end complete']);
    expect(events.slice(1, 3)).toMatchObject([
      { known: { canonicalUrl: at('/real') } },
      { known: { canonicalUrl: at('/real') } },
    ]);
    expect(events.at(-1)?.progress.skipped).toBe(1);
  });

  it('asks only for what changed, and still finds what unchanged pages lead to', async () => {
    const known = new Map<string, KnownPage>();
    const page = (path: string, etag: string, body: string): void =>
      site.route(path, (request, response) =>
        request.headers['if-none-match'] === etag
          ? response.writeHead(304).end()
          : response.writeHead(200, { 'content-type': 'text/html', etag }).end(body),
      );
    page('/', '"1"', links('/a', '/b'));
    page('/a', '"1"', 'a');
    page('/b', '"1"', 'b');
    const recall = (url: string): KnownPage | undefined => known.get(url);
    for (const event of await crawl({ recall })) if (event.kind === 'page') known.set(event.url, event.known);
    page('/b', '"2"', 'changed');
    site.routes.delete('/a');
    expect(await told({ recall })).toEqual(['unchanged /', 'gone /a', 'page /b', 'end complete']);
  });

  describe('as robots.txt asks', () => {
    const robots = (text: string): void => site.text('/robots.txt', text);
    beforeEach(() => {
      site.html('/', links('/private/a', '/open'));
      site.html('/private/a', 'private');
      site.html('/open', 'open');
    });

    it('leaves alone what it may not read', async () => {
      robots('User-agent: *\nAllow: /\nUser-agent: CustomerCareBot\nDisallow: /private');
      const events = await crawl();
      expect(events.map(short)).toEqual(['page /', 'page /open', 'end complete']);
      expect(events.at(-1)?.progress.skipped).toBe(1);
      expect(await told({ seeds: [at('/private/a')] })).toEqual([
        'failed /private/a source.robots-refused',
        'end complete',
      ]);
      expect(asked()).not.toContain('/private/a');
    });

    it.each([
      ['none', 404, ['page /', 'page /private/a', 'page /open', 'end complete']],
      ['one that is not shown', 403, ['page /', 'page /private/a', 'page /open', 'end complete']],
      ['one that fails', 500, ['failed / source.failing', 'end complete']],
      ['one that asks for less', 429, ['failed / source.busy', 'end complete']],
    ])('with %s', async (_what, status, expected) => {
      site.route('/robots.txt', (_request, response) => response.writeHead(status).end('User-agent: *\nDisallow: /'));
      expect(await told()).toEqual(expected);
      expect(site.paths.filter((path) => path === '/robots.txt')).toHaveLength(1);
    });

    it('with one that does not come', async () => {
      site.route('/robots.txt', () => undefined);
      expect(await told()).toEqual(['failed / source.timeout', 'end complete']);
      expect(asked()).toEqual([]);
    });

    it('with one behind redirects, and one that is longer than is read', async () => {
      site.redirect('/robots.txt', '/elsewhere.txt');
      site.text('/elsewhere.txt', 'User-agent: *\nDisallow: /private');
      expect(await told()).toEqual(['page /', 'page /open', 'end complete']);
      const rules = 'User-agent: *\nDisallow: /private\n';
      robots(
        `${rules}${'#'.repeat(500 * 1024 - rules.length - 20)}\nDisallow: /openly-not-cut\n`.padEnd(600 * 1024, 'x'),
      );
      expect(await told()).toEqual(['page /', 'page /open', 'end complete']);
    });

    it('with the pause it wants, up to a limit', async () => {
      robots('User-agent: *\nCrawl-delay: 86400');
      const startedAt = performance.now();
      expect(await told()).toEqual(['page /', 'page /private/a', 'page /open', 'end complete']);
      // Two pauses of the most that is allowed; the one after the last page is nobody's.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
    });
  });

  it('asks one at a time, also for two crawls at once', async () => {
    let running = 0;
    let most = 0;
    const slow = (path: string, body: string): void =>
      site.route(path, (_request, response) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
          running--;
          response.writeHead(200, { 'content-type': 'text/html' }).end(body);
        }, 10);
      });
    slow('/', links('/a', '/b'));
    slow('/a', '');
    slow('/b', '');
    const both = await Promise.all([told(), told()]);
    expect(both[0]).toHaveLength(4);
    expect(both[1]).toHaveLength(4);
    expect(most).toBe(1);
  });

  it('comes back once to a page that was busy', async () => {
    let visits = 0;
    site.html('/', links('/busy', '/always', '/a'));
    site.html('/a', '');
    site.route('/busy', (_request, response) =>
      visits++ === 0
        ? response.writeHead(503, { 'retry-after': '3600' }).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end(),
    );
    site.route('/always', (_request, response) => response.writeHead(429).end());
    expect(await told()).toEqual(['page /', 'page /a', 'page /busy', 'failed /always source.busy', 'end complete']);
  });

  it('leaves a site alone that fails again and again', async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `/${index}`);
    site.html('/', links(...paths));
    for (const path of paths) site.route(path, (_request, response) => response.writeHead(500).end());
    const lines = await told();
    expect(lines.at(-1)).toBe('end site-failing');
    expect(asked()).toHaveLength(9);
  });

  it('stops when told to, in the middle of a page and between two', async () => {
    const reason = new Error('shutting down');
    const stop = new AbortController();
    site.html('/', links('/a'));
    site.route('/a', () => stop.abort(reason));
    const seen: string[] = [];
    const run = async (): Promise<void> => {
      const options = { seeds: [at('/')], maxDepth: 1, maxPages: 5, accept: ['text/html'], signal: stop.signal };
      for await (const event of crawler.crawl(options)) seen.push(short(event));
    };
    await expect(run()).rejects.toBe(reason);
    expect(seen).toEqual(['page /']);
    await expect(run()).rejects.toBe(reason);
    expect(asked()).toEqual(['/', '/a']);
  });

  it('goes on from what was read a moment ago, and does not ask for it again', async () => {
    site.html('/', links('/a'));
    site.html('/a', links('/b'));
    site.html('/b', 'end');
    const read = new Map<string, KnownPage>();
    for (const event of await crawl())
      if (event.kind === 'page' && event.url !== at('/b')) read.set(event.url, event.known);
    site.requests.length = 0;
    const recall = (url: string): KnownPage | undefined => {
      const known = read.get(url);
      return known && { ...known, isFresh: true };
    };
    expect(await told({ recall })).toEqual(['unchanged /', 'unchanged /a', 'page /b', 'end complete']);
    expect(asked()).toEqual(['/b']);
  });
});
