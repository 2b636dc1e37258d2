import { existsSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { makeCertificate } from '../testing/certificates';
import { LocalSite } from '../testing/local-site';
import { ScriptedResolver } from '../testing/scripted-resolver';
import { type GetOptions, SafeFetch } from './safe-fetch';
import type { WebContent } from './web-answer';

const HTML: GetOptions = { accept: ['text/html'] };
const CASES = resolve(__dirname, '../../../../../shared/data/attack/own/ssrf-urls.json');

interface Case {
  readonly id: string;
  readonly url: string;
}

const cases = existsSync(CASES) ? (JSON.parse(readFileSync(CASES, 'utf8')) as Case[]) : [];

describe('Fetching from the web', () => {
  /** Plays the public site. The canary has the same port on another address and must never be connected to. */
  let site: LocalSite;
  let canary: LocalSite;
  let resolver: ScriptedResolver;
  let fetcher: SafeFetch;

  const make = (endpoints: string[], totalMs?: number): SafeFetch =>
    new SafeFetch({
      environment: 'test',
      contactUrl: 'https://chat.example.com',
      resolver,
      exceptions: { endpoints },
      totalMs,
    });
  const at = (path: string, host = 'docs.test'): string => `http://${host}:${site.port}${path}`;
  const refusal = (address: string, options = HTML): Promise<string> =>
    fetcher.get(address, options).then(
      (answer) => `answered: ${JSON.stringify(answer).slice(0, 200)}`,
      (error: { code: string }) => error.code,
    );

  beforeAll(async () => {
    site = await new LocalSite().start();
    canary = await new LocalSite({ address: '127.0.0.2', port: site.port }).start();
  });
  beforeEach(() => {
    site.forget();
    canary.forget();
    resolver = new ScriptedResolver().on('docs.test', ['127.0.0.1']);
    fetcher = make([site.endpoint]);
  });
  afterEach(() => expect(canary.connections).toBe(0));
  afterAll(async () => {
    await site.stop();
    await canary.stop();
  });

  describe('F08 a page of the public web', () => {
    it('F08 is read, asked for once, and told who asks', async () => {
      site.html('/help?a=b', '<p>Grüße</p>', { etag: '"1"', 'set-cookie': 'a=b' });
      const answer = await fetcher.get(at('/help?a=b#part'), HTML);
      expect(answer).toEqual({
        kind: 'content',
        url: at('/help?a=b'),
        mediaType: 'text/html',
        charset: 'utf-8',
        bytes: Buffer.from('<p>Grüße</p>'),
        isCut: false,
        validators: { etag: '"1"' },
      });
      expect(resolver.asked).toEqual(['docs.test']);
      expect(site.requests.map(({ method, headers }) => ({ method, ...headers }))).toEqual([
        {
          method: 'GET',
          host: `docs.test:${site.port}`,
          'user-agent': 'CustomerCareBot/1.0 (+https://chat.example.com)',
          accept: 'text/html',
          'accept-encoding': 'gzip, deflate, br',
          connection: 'close',
        },
      ]);
    });

    it('F08 that has not changed is not sent again', async () => {
      site.route('/', (request, response) => {
        response
          .writeHead(request.headers['if-none-match'] === '"1"' ? 304 : 200, { 'content-type': 'text/html' })
          .end();
      });
      const validators = { etag: '"1"', lastModified: 'Tue, 15 Nov 1994 12:45:26 GMT' };
      expect(await fetcher.get(at('/'), { ...HTML, validators })).toEqual({ kind: 'unchanged', url: at('/') });
      expect(site.requests[0]?.headers['if-modified-since']).toBe(validators.lastModified);
      site.route('/odd', (_request, response) => response.writeHead(304).end());
      expect(await fetcher.get(at('/odd'), HTML)).toMatchObject({ kind: 'status', status: 304 });
    });

    it('F08 that is away or busy says so', async () => {
      expect(await fetcher.get(at('/none'), HTML)).toEqual({ kind: 'status', url: at('/none'), status: 404 });
      site.route('/busy', (_request, response) => response.writeHead(503, { 'retry-after': '7' }).end('x'));
      expect(await fetcher.get(at('/busy'), HTML)).toMatchObject({ status: 503, retryAfterSeconds: 7 });
    });

    it('F08 is found behind three redirects and not behind four; no cookie travels along', async () => {
      for (const hop of [1, 2, 3, 4]) {
        site.route(`/${hop}`, (_request, response) =>
          response.writeHead(302, { location: `/${hop - 1}`, 'set-cookie': 'a=b' }).end(),
        );
      }
      site.html('/0', 'here');
      expect(await fetcher.get(at('/3'), HTML)).toMatchObject({ kind: 'content', url: at('/0') });
      expect(site.requests.filter(({ headers }) => headers.cookie)).toEqual([]);
      expect(await refusal(at('/4'))).toBe('source.redirect-refused');
      expect(await fetcher.get(at('/1'), { ...HTML, redirects: 'report' })).toEqual({
        kind: 'moved',
        url: at('/1'),
        to: at('/0'),
      });
    });
  });

  describe('F08 every address of the attack list', () => {
    const each =
      cases.length > 0
        ? it.each(cases.map((item) => [item.id, item.url] as const))
        : it.skip.each([['(the shared data is not here)', '']] as const);

    each('F08 %s %s', async (_id, url) => {
      const target = url.replaceAll('{P}', String(canary.port)).replace(/ \(.*\)$/, '');
      resolver.on('rebind.test', ['127.0.0.2']).on('cname.test', ['127.0.0.1', '127.0.0.2']);
      // The port is one that is served, so that it is the address and not the port that is judged.
      const redirect = /^REDIRECT (\d+) -> (.*)$/.exec(target);
      if (target.startsWith('Content-Length 100')) {
        site.route('/', ({ socket }) => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n');
          socket.end(Buffer.alloc(10 * 1024 * 1024, 'x'));
        });
        expect(await refusal(at('/'))).toBe('source.answer-invalid');
      } else if (redirect) {
        site.redirect('/', redirect[2] ?? '', Number(redirect[1]));
        expect(await refusal(at('/'))).toBe('source.address-refused');
        expect(site.paths).toEqual(['/']);
      } else {
        fetcher = make([`192.0.2.1:${canary.port}`]);
        const connect = jest.spyOn(Socket.prototype, 'connect');
        expect(await refusal(target)).toMatch(/^source\.(address-invalid|address-refused|unreachable)$/);
        const connected = connect.mock.calls.filter(([first]) => !hasLookup(first));
        connect.mockRestore();
        expect(connected).toEqual([]);
        expect(site.connections).toBe(0);
      }
    });
  });

  describe('F08 names that lie', () => {
    it('F08 a second answer is never asked for', async () => {
      resolver.on('rebind.test', ['127.0.0.1'], ['127.0.0.2']);
      site.html('/', 'public');
      expect(await fetcher.get(at('/', 'rebind.test'), HTML)).toMatchObject({ kind: 'content' });
      expect(resolver.asked).toEqual(['rebind.test']);
      expect(await refusal(at('/', 'rebind.test'))).toBe('source.unreachable');
    });

    it('F08 the answer to a redirect to the same name is judged like the first', async () => {
      resolver.on('rebind.test', ['127.0.0.1'], ['127.0.0.2']);
      site.redirect('/', '/again');
      expect(await refusal(at('/', 'rebind.test'))).toBe('source.unreachable');
      expect(site.paths).toEqual(['/']);
    });

    it.each([
      ['private after public', ['127.0.0.1', '127.0.0.2']],
      ['private before public', ['10.0.0.1', '127.0.0.1']],
      ['IPv6 loopback', ['::1']],
      ['mapped loopback', ['::ffff:127.0.0.2']],
      ['mapped, in hexadecimal', ['127.0.0.1', '::ffff:7f00:2']],
      ['NAT64 to loopback', ['64:ff9b::7f00:2']],
      ['6to4', ['2002:7f00:2::1']],
      ['link-local with a zone', ['fe80::1%lo']],
      ['the metadata service', ['169.254.169.254']],
      ['no address but a name', ['localhost']],
      ['nothing', []],
    ])('F08 %s is refused whole, and not told from a name that leads nowhere', async (_what, answer) => {
      resolver.on('mixed.test', answer);
      expect(await refusal(at('/', 'mixed.test'))).toBe('source.unreachable');
      expect(site.connections).toBe(0);
    });

    it('F08 an error tells neither name nor address', async () => {
      resolver.on('db.corp.test', ['10.1.2.3']);
      const error = (await fetcher.get(at('/', 'db.corp.test'), HTML).catch((caught: unknown) => caught)) as Error & {
        toProblem(): object;
      };
      expect(JSON.stringify([error.toProblem(), error.message])).not.toMatch(/10\.1|corp/);
      expect(JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause))).not.toMatch(/10\.1\.2\.3|corp/);
    });
  });

  describe('F08 redirects', () => {
    it.each([
      ['loopback', 'http://127.0.0.2:{P}/', 'source.address-refused'],
      ['IPv6 loopback', 'http://[::1]:{P}/', 'source.address-refused'],
      ['a number', 'http://2130706434:{P}/', 'source.address-refused'],
      ['the same address on another port', 'http://127.0.0.1:22/', 'source.address-invalid'],
      ['a name inside', 'http://inside.test:{P}/', 'source.unreachable'],
      ['localhost', '//localhost:{P}/', 'source.address-refused'],
      ['a file', 'file:///etc/passwd', 'source.address-invalid'],
      ['a user name', 'http://a@docs.test:{P}/', 'source.address-invalid'],
      ['nothing that is an address', 'http://[', 'source.redirect-refused'],
      ['itself', '/', 'source.redirect-refused'],
    ])('F08 to %s are not followed', async (_where, location, code) => {
      resolver.on('inside.test', ['127.0.0.2']);
      site.redirect('/', location.replace('{P}', String(canary.port)), 307);
      expect(await refusal(at('/'))).toBe(code);
      expect(site.requests.length).toBeLessThanOrEqual(4);
    });

    it('F08 without a place to go are refused', async () => {
      site.route('/', (_request, response) => response.writeHead(301).end());
      expect(await refusal(at('/'))).toBe('source.redirect-refused');
    });
  });

  describe('F08 over TLS', () => {
    const certificate = makeCertificate('docs.test');
    let secure: LocalSite;
    const fetchWith = (certificateAuthority?: string): SafeFetch =>
      new SafeFetch({
        environment: 'test',
        contactUrl: null,
        resolver,
        exceptions: { endpoints: [site.endpoint, secure.endpoint], certificateAuthority },
      });
    const url = (host: string, path = '/'): string => `https://${host}:${secure.port}${path}`;

    beforeAll(async () => {
      secure = await new LocalSite({ tls: certificate }).start();
    });
    beforeEach(() => {
      resolver.on('other.test', ['127.0.0.1']);
      fetcher = fetchWith(certificate.cert);
    });
    afterAll(() => secure.stop());

    it('F08 a certificate that holds is needed, for that name', async () => {
      secure.html('/', 'sealed');
      expect(await fetcher.get(url('docs.test'), HTML)).toMatchObject({ kind: 'content' });
      expect(await refusal(url('other.test'))).toBe('source.insecure');
      fetcher = fetchWith();
      expect(await refusal(url('docs.test'))).toBe('source.insecure');
    });

    it('F08 nothing leads from https to http', async () => {
      site.html('/', 'clear');
      secure.redirect('/', at('/'));
      expect(await refusal(url('docs.test'))).toBe('source.insecure');
      expect(site.connections).toBe(0);
    });
  });

  it('F08 production is not made with exceptions or another resolver', () => {
    const production = { environment: 'production', contactUrl: null } as const;
    expect(() => new SafeFetch({ ...production, resolver })).toThrow('Production');
    expect(() => new SafeFetch({ ...production, exceptions: { endpoints: ['127.0.0.1:80'] } })).toThrow('Production');
    expect(() => new SafeFetch(production)).not.toThrow();
  });

  it('F08 stops when told to, with the reason given', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    site.route('/', () => stop.abort(reason));
    await expect(fetcher.get(at('/'), { ...HTML, signal: stop.signal })).rejects.toBe(reason);
    await expect(fetcher.get(at('/'), { ...HTML, signal: stop.signal })).rejects.toBe(reason);
    expect(site.paths).toEqual(['/']);
  });

  it('F08 waits for slow name servers no longer than for anything else', async () => {
    fetcher = new SafeFetch({
      environment: 'test',
      contactUrl: null,
      resolver: { resolve: () => new Promise<never>(() => undefined) },
      exceptions: { endpoints: [site.endpoint] },
      totalMs: 100,
    });
    expect(await refusal(at('/'))).toBe('source.timeout');
  });

  it('F08 nobody listening is a site that cannot be reached', async () => {
    const gone = await new LocalSite().start();
    await gone.stop();
    fetcher = make([gone.endpoint]);
    expect(await refusal(`http://docs.test:${gone.port}/`)).toBe('source.unreachable');
  });

  it('F08 bytes are what the site sent', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    site.text('/', bytes, 'text/html');
    expect(((await fetcher.get(at('/'), HTML)) as WebContent).bytes).toEqual(bytes);
  });
});

/** A socket that is told a name asks its lookup before it connects anywhere. */
const hasLookup = (first: unknown): boolean =>
  Array.isArray(first)
    ? hasLookup(first[0])
    : typeof first === 'object' && first !== null && 'lookup' in first && 'host' in first && !isNumeric(first.host);

const isNumeric = (host: unknown): boolean => typeof host === 'string' && /^[\d.]+$|:/.test(host);
