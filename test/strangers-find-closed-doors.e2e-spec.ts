import { randomUUID } from 'node:crypto';
import { call } from './support/admin';
import { describeStacks, type Stack } from './support/stack';

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

describeStacks('Strangers find closed doors', (start) => {
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

  it('and every answer carries the security headers', async () => {
    for (const [method, path] of [
      ['GET', '/healthz'],
      ['GET', '/v1/me'],
      ['GET', '/nothing'],
      ['POST', '/v1/auth/login'],
    ] as const) {
      const { headers } = await call(stack.url, method, path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-xss-protection')).toBe('0');
      expect(headers.get('referrer-policy')).toBeTruthy();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
