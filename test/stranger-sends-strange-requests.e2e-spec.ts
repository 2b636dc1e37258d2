import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Admin, call } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { describeStack, type Stack } from './support/stack';

const LIMIT_BYTES = 1_048_576;
const LISTED = 'https://shop.example.com';
const MEMORY_BYTES = 100 * 1024 * 1024;

interface Refusal {
  status: number;
  code: string;
}

/** Bytes as they are; resolves with what came back until the server closed or `seconds` were over. */
function raw(url: string, bytes: Buffer | string, seconds = 20): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, seconds * 1000);
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', end).on('close', end);
  });
}

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

describeStack('A stranger sends strange requests', (start) => {
  let stack: Stack;
  let admin: Admin;

  beforeAll(async () => {
    stack = await start({ CORS_ORIGINS: JSON.stringify([LISTED]) });
    admin = await Admin.register(stack.url);
  }, 120_000);
  afterAll(() => stack?.stop());

  const isAlive = async (): Promise<boolean> => (await fetch(`${stack.url}/healthz`)).status === 200;

  const post = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<Refusal> => {
    const response = await fetch(`${stack.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return { status: response.status, code: ((await response.json()) as { code: string }).code };
  };
  /** A JSON body of exactly so many bytes. */
  const sized = (bytes: number): string => `{"email":"${'x'.repeat(bytes - 12)}"}`;

  it('B49 B50 H10 and a body of one megabyte is read, of one byte more is not', async () => {
    expect(Buffer.byteLength(sized(LIMIT_BYTES))).toBe(LIMIT_BYTES);
    expect(await post(sized(LIMIT_BYTES))).toEqual({ status: 400, code: 'request.invalid' });
    expect(await post(sized(LIMIT_BYTES + 1))).toEqual({ status: 413, code: 'request.too-large' });
  });

  it('B50 H10 and compressed, endless, deep and wide bodies cost neither memory nor the others’ time', async () => {
    const before = residentBytes(stack.api.pid);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(await post(bomb, { 'content-encoding': 'gzip' })).toEqual({
      status: 415,
      code: 'request.unsupported-media-type',
    });
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, 1])));
    const [deepAnswer, wideAnswer, alive] = await Promise.all([
      post(deep),
      post(wide.slice(0, LIMIT_BYTES)),
      isAlive(),
    ]);
    expect([400, 413]).toContain(deepAnswer.status);
    expect([400, 413]).toContain(wideAnswer.status);
    expect(alive).toBe(true);
    const head = `POST /v1/auth/login HTTP/1.1\r\nHost: ${new URL(stack.url).host}\r\ncontent-type: application/json\r\n`;
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const endless = await raw(stack.url, `${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(17)}`);
    expect(endless).toMatch(/^HTTP\/1.1 413/);
    expect(residentBytes(stack.api.pid) - before).toBeLessThan(MEMORY_BYTES);
    expect(await isAlive()).toBe(true);
  });

  it('A36 B41 B42 B43 B44 B45 B46 H03 and only the listed origin may ask from a browser', async () => {
    const foreign = [
      ...['http://shop.example.com', 'https://shop.example.com.evil.test', 'https://SHOP.example.com', 'null', '*'],
      ...['https://shop.example.com:443', 'https://shop.example.com/', 'https://evil.test', 'https://example.com'],
    ];
    const faults: string[] = [];
    for (const origin of [LISTED, ...foreign]) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
        for (const header of ['authorization', 'content-type', 'x-evil']) {
          faults.push(...(await preflightFaults(origin, method, header)));
        }
      }
    }
    expect(faults).toEqual([]);
  });

  const preflightFaults = async (origin: string, method: string, header: string): Promise<string[]> => {
    const { headers, status } = await fetch(`${stack.url}/v1/me`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': header },
    });
    const told = [...headers].filter(([name]) => name.startsWith('access-control-'));
    const what = `${origin} ${method} ${header}`;
    if (!headers.get('vary')?.includes('Origin')) return [`${what}: no Vary`];
    if (origin !== LISTED) return told.length > 0 || status !== 403 ? [`${what}: ${status} ${String(told)}`] : [];
    const expected = {
      'access-control-allow-origin': LISTED,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-max-age': '600',
    };
    const wrong = Object.entries(expected).filter(([name, value]) => headers.get(name) !== value);
    const isTooOpen = /\*|x-evil/i.test(headers.get('access-control-allow-headers') ?? '*');
    return wrong.length > 0 || isTooOpen ? [`${what}: ${String(wrong)}`] : [];
  };

  it('A47 and a host that is not served is answered before anything else, and never repeated', async () => {
    const { host } = new URL(stack.url);
    const get = (target: string, ...hosts: string[]): string =>
      [`GET ${target} HTTP/1.1`, ...hosts.map((name) => `Host: ${name}`), 'Connection: close', '', ''].join('\r\n');
    for (const request of [
      get('/healthz', 'evil.example'),
      get('/healthz', host, 'evil.example'),
      get('/healthz', 'evil.example', host),
      get('/healthz', host, host),
      get('/healthz', `${host}@evil.example`),
      get('http://evil.example/healthz', host),
      get('/healthz'),
    ]) {
      const answer = await raw(stack.url, request);
      expect([request, answer.slice(0, 12)]).toEqual([request, expect.stringMatching(/^HTTP\/1\.1 4(21|00)$/)]);
      expect(answer).not.toContain('evil.example');
    }
    const believed = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const answer = await call(stack.url, 'GET', '/healthz', { headers: believed });
    expect([answer.status, JSON.stringify([...answer.headers])]).toEqual([200, expect.not.stringContaining('evil')]);
  });

  describeWithCorpus('with the corpora beside the checkout', () => {
    it('A39 A47 H08 and what is no request is refused, and the next one is answered', async () => {
      const { host } = new URL(stack.url);
      const cases = JSON.parse(corpusFile('attack/own/raw-http.json').toString()) as { name: string; base64: string }[];
      const statuses = cases.map(async ({ name, base64 }) => {
        const text = Buffer.from(base64, 'base64').toString('latin1').replaceAll('{H}', host);
        const answer = await raw(stack.url, Buffer.from(text, 'latin1'), 3);
        const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'closed';
        return /^4|^200|closed/.test(status) && !answer.includes('evil.example') ? [] : [`${name}: ${status}`];
      });
      const faults = (await Promise.all(statuses)).flat();
      expect(await isAlive()).toBe(true);
      expect(faults).toEqual([]);
    }, 60_000);

    it('B41 B44 H03 and of the origins in the corpus only the listed one', async () => {
      const origins = JSON.parse(corpusFile('attack/own/origins.json').toString()) as { origin: string }[];
      const allowed: string[] = [];
      for (const { origin } of origins) {
        const request = [
          'OPTIONS /v1/me HTTP/1.1',
          `Host: ${new URL(stack.url).host}`,
          `Origin: ${origin}`,
          'Access-Control-Request-Method: PUT',
          'Connection: close',
        ];
        const answer = await raw(stack.url, Buffer.from(`${request.join('\r\n')}\r\n\r\n`));
        if (/access-control-allow-origin/i.test(answer)) allowed.push(origin);
      }
      // A tab behind a header's value is white space that HTTP itself takes off.
      expect(allowed).toEqual([LISTED, `${LISTED}\t`]);
    });
  });

  it('A40 H16 and every error is a problem with an id, and tells nothing of what is inside', async () => {
    const { workspaceId, session } = admin;
    const below = `/v1/workspaces/${workspaceId}`;
    const token = { authorization: `Bearer ${session.accessToken}` };
    const json = { 'content-type': 'application/json', ...token };
    const send = (method: string, path: string, body?: string | Buffer, headers: Record<string, string> = json) => ({
      path,
      init: { method, headers, ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }) },
    });
    const document = '01890000-0000-7000-8000-000000000000';
    const kinds = [
      send('GET', '/v1/nothing'),
      send('PATCH', '/v1/me'),
      send('GET', '/v1/%ff%zz'),
      send('GET', '/v1/me', undefined, {}),
      send('GET', '/v1/me', undefined, { authorization: 'Bearer nonsense' }),
      send('GET', `${below}/documents/42`),
      send('GET', `${below}/documents/${document}`),
      send('GET', `/v1/workspaces/${document}`),
      send('GET', `${below}/documents?limit=0`),
      send('GET', `${below}/documents?limit=1e309`),
      send('GET', `${below}/documents?cursor=tampered`),
      send('GET', `${below}/documents?a[b]=c`),
      send('GET', `${below}/documents?limit=1&limit=2`),
      send('POST', `${below}/search`, '{"query":'),
      send('POST', `${below}/search`, '{"query":"a\\u0000b"}'),
      send('POST', `${below}/search`, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
      send('POST', `${below}/search`, JSON.stringify({ query: 'x'.repeat(100_000) })),
      send('POST', `${below}/search`, JSON.stringify({ query: { toString: 1 } })),
      send('POST', `${below}/search`, JSON.stringify([1])),
      send('POST', `${below}/search`, '{"__proto__":{"a":1},"query":"x"}'),
      send('POST', `${below}/search`, sized(LIMIT_BYTES + 1)),
      send('POST', `${below}/search`, 'query=x', { ...token, 'content-type': 'application/x-www-form-urlencoded' }),
      send('POST', `${below}/search`, '{}', { ...token, 'content-type': 'application/json; charset=utf-7x;;' }),
      send('POST', `${below}/documents`, 'nothing', { ...token, 'content-type': 'multipart/form-data' }),
      send('GET', `/v1/me?${'x'.repeat(20_000)}`),
    ];
    for (const { path, init } of kinds) {
      const response = await fetch(stack.url + path, init);
      const text = await response.text();
      const what = `${init.method} ${path.slice(0, 80)}`;
      if (![400, 401, 404, 413, 414, 415, 431].includes(response.status))
        throw new Error(`${what}: ${response.status}`);
      const { code, requestId, status } = JSON.parse(text) as Record<string, unknown>;
      expect([what, response.headers.get('content-type')]).toEqual([what, expect.stringContaining('problem+json')]);
      expect([what, code, status]).toEqual([what, expect.stringMatching(/^[a-z]+\.[a-z-]+$/), response.status]);
      expect([what, requestId]).toEqual([what, response.headers.get('x-request-id')]);
      expect(text).not.toMatch(/node_modules|\bselect\b|insert into|fastify|nestjs|typeorm|\/work|\.[jt]s:|stack"/i);
    }
  }, 60_000);
});
