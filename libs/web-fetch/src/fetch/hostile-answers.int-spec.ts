import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { LocalSite } from '../testing/local-site';
import { ScriptedResolver } from '../testing/scripted-resolver';
import { type GetOptions, MAX_BYTES, SafeFetch } from './safe-fetch';

const HTML: GetOptions = { accept: ['text/html'] };
/** For what ends by itself, on a machine that does other things too; and for what has to be ended. */
const GENEROUS_MS = 8_000;
const TOTAL_MS = 400;

describe('F08 Answers that mean harm', () => {
  let site: LocalSite;
  let totalMs = GENEROUS_MS;
  const timers = new Set<NodeJS.Timeout>();

  const refusal = (options = HTML): Promise<string> =>
    new SafeFetch({
      environment: 'test',
      contactUrl: null,
      resolver: new ScriptedResolver().on('docs.test', ['127.0.0.1']),
      exceptions: { endpoints: [site.endpoint] },
      totalMs,
    })
      .get(`http://docs.test:${site.port}/`, options)
      .then(
        (answer) => (answer.kind === 'content' ? `content of ${answer.bytes.length}` : answer.kind),
        (error: { code: string }) => error.code,
      );
  const answer = (headers: Record<string, string | number>, body: Buffer | string): void =>
    site.route('/', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body),
    );
  const raw = (write: (socket: Socket) => void): void => site.route('/', ({ socket }) => write(socket));
  const every = (ms: number, work: () => void): void => void timers.add(setInterval(work, ms));
  const open = (response: ServerResponse, headers = {}): void =>
    void response.writeHead(200, { 'content-type': 'text/html', ...headers }).flushHeaders();

  beforeAll(async () => {
    site = await new LocalSite().start();
  });
  afterEach(() => {
    for (const timer of timers) clearInterval(timer);
    timers.clear();
    site.forget();
  });
  afterAll(() => site.stop());

  const zeros = Buffer.alloc(MAX_BYTES + 1);

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('F08 %s is unpacked up to the limit, and a bomb stops there', async (encoding, pack) => {
    answer({ 'content-encoding': encoding }, pack('<p>packed</p>'));
    expect(await refusal()).toBe('content of 13');
    answer({ 'content-encoding': encoding }, pack(zeros.subarray(1)));
    expect(await refusal()).toBe(`content of ${MAX_BYTES}`);
    answer({ 'content-encoding': encoding }, pack(zeros));
    expect(await refusal()).toBe('source.too-large');
  });

  it('F08 of a bomb of gigabytes no more is unpacked than is allowed', async () => {
    const part = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    site.route('/', (_request, response) => {
      open(response, { 'content-encoding': 'gzip' });
      for (let parts = 0; parts < 40; parts++) response.write(part);
      response.end();
    });
    const before = process.memoryUsage().rss;
    expect(await refusal()).toBe('source.too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  it('F08 packed data without end that unpacks to nothing ends too', async () => {
    site.route('/', (_request, response) => {
      open(response, { 'content-encoding': 'gzip' });
      response.write(Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3])); // and a file name that never ends
      response.write(Buffer.alloc(MAX_BYTES, 'a'));
    });
    expect(await refusal()).toBe('source.too-large');
  });

  it('F08 a body over the limit is refused by its length, by its bytes, or cut where that is wanted', async () => {
    site.route('/', (_request, response) => open(response, { 'content-length': MAX_BYTES + 1 }));
    expect(await refusal()).toBe('source.too-large');
    site.route('/', (_request, response) => {
      open(response);
      response.end(zeros);
    });
    expect(await refusal()).toBe('source.too-large');
    expect(await refusal({ ...HTML, overflow: 'cut', maxBytes: 1000 })).toBe('content of 1000');
    expect(await refusal({ ...HTML, overflow: 'cut' })).toBe(`content of ${MAX_BYTES}`);
  });

  it.each([
    ['two encodings', { 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync('x'))],
    ['an unknown encoding', { 'content-encoding': 'zstd' }, 'x'],
    ['what is not gzip', { 'content-encoding': 'gzip' }, 'plain'],
    ['half of it', { 'content-encoding': 'gzip' }, gzipSync('a text').subarray(0, 15)],
    ['what is not brotli', { 'content-encoding': 'br' }, 'plain text that is long enough'],
  ])('F08 %s is not read', async (_what, headers, body) => {
    answer(headers, body);
    expect(await refusal()).toBe('source.answer-invalid');
  });

  it('F08 packed nothing is nothing', async () => {
    for (const encoding of ['gzip', 'deflate', 'br']) {
      answer({ 'content-encoding': encoding }, '');
      expect(await refusal()).toBe('content of 0');
    }
  });

  it.each(['text/plain', 'application/pdf', 'text/htmlx', 'text/html, text/plain', '*/*', 'html', ' ', 'text /html'])(
    'F08 the type %p is refused where HTML is read',
    async (type) => {
      answer({ 'content-type': type }, '<p>');
      expect(await refusal()).toBe('source.type-refused');
    },
  );

  it('F08 a missing type is taken only where any is', async () => {
    site.route('/', (_request, response) => response.writeHead(200).end('text'));
    expect(await refusal()).toBe('source.type-refused');
    expect(await refusal({ accept: 'any' })).toBe('content of 4');
  });

  describe('F08 takes no longer than is allowed', () => {
    let startedAt: number;
    beforeEach(() => {
      startedAt = Date.now();
      totalMs = TOTAL_MS;
    });
    afterEach(() => {
      totalMs = GENEROUS_MS;
      expect(Date.now() - startedAt).toBeLessThan(TOTAL_MS + GENEROUS_MS);
    });

    it('F08 for an answer that does not come', async () => {
      site.route('/', () => undefined);
      expect(await refusal()).toBe('source.timeout');
    });

    it('F08 for a body a byte at a time', async () => {
      site.route('/', (_request, response) => {
        open(response);
        every(20, () => response.write('x'));
      });
      expect(await refusal()).toBe('source.timeout');
    });

    it('F08 for a packed body a byte at a time', async () => {
      const packed = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)));
      site.route('/', (_request, response) => {
        let sent = 0;
        open(response, { 'content-encoding': 'gzip' });
        every(20, () => response.write(packed.subarray(sent, ++sent)));
      });
      expect(await refusal()).toBe('source.timeout');
    });

    it('F08 for a head a line at a time', async () => {
      raw((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n');
        every(20, () => socket.write('X-A: b\r\n'));
      });
      expect(await refusal()).toBe('source.timeout');
    });

    it('F08 for news that the answer is coming', async () => {
      raw((socket) => {
        socket.on('error', () => undefined);
        every(5, () => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'));
      });
      expect(await refusal()).toBe('source.timeout');
    });

    it('F08 for redirects, each of them slow', async () => {
      site.route('/', (_request, response) => {
        setTimeout(() => response.writeHead(302, { location: '/' }).end(), TOTAL_MS / 2 + 50);
      });
      expect(await refusal()).toBe('source.timeout');
    });
  });

  it.each([
    ['headers without end', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`],
    ['a header without end', `HTTP/1.1 200 OK\r\nX-A: ${'b'.repeat(1_000_000)}`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    ],
    ['a chunk that is none', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a null in a header', 'HTTP/1.1 200 OK\r\nX-A: \0\r\n\r\n'],
  ])('F08 %s is not read', async (_what, text) => {
    raw((socket) => {
      socket.on('error', () => undefined);
      socket.write(text);
    });
    expect(await refusal()).toBe('source.answer-invalid');
  });

  it.each([
    ['no answer', ''],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf'],
    ['half of the chunks', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['another protocol from here on', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('F08 %s is a site that cannot be reached', async (_what, text) => {
    raw((socket) => socket.end(text));
    expect(await refusal()).toMatch(/^source\.(unreachable|answer-invalid)$/);
  });
});
