import { randomUUID } from 'node:crypto';
import { call } from './support/admin';
import { describeStack, type Stack } from './support/stack';

/** The reviewed list. A route that is not here must refuse a request without a token. */
const PUBLIC_ROUTES = [
  'GET /.well-known/jwks.json',
  'GET /healthz',
  'GET /readyz',
  'OPTIONS /v1/embed/sessions',
  'POST /v1/auth/login',
  'POST /v1/auth/login/second-factor',
  'GET /v1/auth/oidc',
  'GET /v1/auth/oidc/callback',
  'GET /v1/auth/oidc/start',
  'POST /v1/auth/refresh',
  'POST /v1/auth/password-resets',
  'POST /v1/auth/password-resets/confirm',
  'POST /v1/auth/register',
  'POST /v1/auth/registrations/confirm',
  'POST /v1/embed/sessions',
];

interface Schema {
  type?: string;
  format?: string;
  enum?: unknown[];
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  $ref?: string;
}
interface OpenApi {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
}

/** Formats that bound a text by themselves, and files, which have a limit of their own. */
const BOUNDED_FORMATS = ['uuid', 'binary', 'date-time'];

function isUnbounded({ type, format = '', maxLength, maxItems, ...schema }: Schema): boolean {
  if (type === 'array') return maxItems === undefined;
  return type === 'string' && !schema.enum && !BOUNDED_FORMATS.includes(format) && maxLength === undefined;
}

describeStack('Strangers find closed doors', (start) => {
  let stack: Stack;
  let api: OpenApi;

  beforeAll(async () => {
    stack = await start();
    api = (await call<OpenApi>(stack.url, 'GET', '/docs/json')).body;
  }, 120_000);

  afterAll(() => stack?.stop());

  const routes = (): [string, string][] =>
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path]),
    );

  it('H12 B38 at every documented route but the reviewed public ones', async () => {
    const open: string[] = [];
    for (const [method, path] of routes()) {
      const address = path.replace(/\{[^}]+\}/g, () => randomUUID());
      const answer = await call<{ code?: string }>(stack.url, method, address);
      // A public route may say 401 for reasons of its own.
      if (answer.body.code !== 'auth.required' || answer.status !== 401) open.push(`${method} ${path}`);
    }
    expect(routes().length).toBeGreaterThan(20);
    expect(open.filter((route) => !PUBLIC_ROUTES.includes(route))).toEqual([]);
  });

  it('and every text and list a request may hold has a stated maximum', () => {
    const loose: string[] = [];
    const walk = (schema: Schema, at: string): void => {
      if (schema.$ref) return walk(api.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, at);
      if (isUnbounded(schema)) loose.push(at);
      if (schema.items) walk(schema.items, `${at}[]`);
      for (const part of schema.allOf ?? []) walk(part, at);
      for (const [name, field] of Object.entries(schema.properties ?? {})) walk(field, `${at}.${name}`);
    };
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        for (const { schema } of Object.values(requestBody?.content ?? {})) walk(schema, `${method} ${path}`);
      }
    }
    expect(loose).toEqual([]);
  });

  it.each([
    ['an unknown address', 'GET', '/v1/nothing-here', 404, 'route.not-found'],
    ['an unknown page', 'GET', '/wp-admin', 404, 'route.not-found'],
    ['the environment file', 'GET', '/.env', 404, 'route.not-found'],
    ['a broken token', 'GET', '/v1/me', 401, 'auth.required'],
  ])('and %s gets a problem that leaks nothing', async (_name, method, path, status, code) => {
    const answer = await call<{ code: string; requestId: string }>(stack.url, method, path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|select |\/libs\//i);
  });

  it('and broken JSON, a foreign content type and a body over 1 MB are refused with their own codes', async () => {
    const post = async (body: string, type: string) => {
      const response = await fetch(`${stack.url}/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await post('{"email":', 'application/json')).toEqual([400, 'request.malformed']);
    expect(await post('email=a', 'text/xml')).toEqual([415, 'request.unsupported-media-type']);
    expect(await post(JSON.stringify({ email: 'x'.repeat(1024 * 1024) }), 'application/json')).toEqual([
      413,
      'request.too-large',
    ]);
  });

  it('A37 and every answer carries the security headers, whatever kind it is', async () => {
    const json = { 'content-type': 'application/json' };
    const kinds: [status: number, path: string, init: RequestInit][] = [
      [200, '/healthz', {}],
      [200, '/widget/v1/customercare.js', {}],
      [204, '/v1/embed/sessions', { method: 'OPTIONS', headers: { origin: 'https://shop.example.com' } }],
      [400, '/v1/auth/login', { method: 'POST', headers: json, body: '{}' }],
      [401, '/v1/me', {}],
      [403, '/v1/me', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }],
      [403, '/socket.io/?EIO=4&transport=polling', {}],
      [404, '/nothing', {}],
      [413, '/v1/auth/login', { method: 'POST', headers: json, body: ' '.repeat(1_048_577) }],
      [415, '/v1/auth/login', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' }],
    ];
    for (const [status, path, init] of kinds) {
      const { headers, status: got } = await fetch(stack.url + path, init);
      const of = (name: string) => headers.get(name);
      expect([path, got]).toEqual([path, status]);
      expect([path, of('x-content-type-options'), of('x-frame-options')]).toEqual([path, 'nosniff', 'DENY']);
      expect([path, of('content-security-policy')]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")]);
      expect([path, of('x-xss-protection')]).toEqual([path, '0']);
      expect([path, of('referrer-policy')]).toEqual([path, expect.stringContaining('no-referrer')]);
      expect([path, of('x-powered-by'), of('server')]).toEqual([path, null, null]);
    }
  });
});
