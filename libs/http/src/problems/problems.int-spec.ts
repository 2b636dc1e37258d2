import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { call, json, raw, startTinyApp } from '../testing/tiny-app';

describe('Problems', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const form = new FormData();
  form.append('file', new Blob(['x'.repeat(2_000_000)]), 'large.txt');

  const cases: [string, string, RequestInit, number, string][] = [
    ['an unknown route', '/v1/nothing', {}, 404, 'route.not-found'],
    ['an unknown page', '/.env', {}, 404, 'route.not-found'],
    ['another method', '/v1/open', { method: 'PUT' }, 404, 'route.not-found'],
    ['an undecodable path', '/v1/%ff%zz', {}, 400, 'request.malformed'],
    ['a route nobody said who may call', '/v1/forgotten', {}, 403, 'access.denied'],
    ['no token', '/v1/me', {}, 401, 'auth.required'],
    ['a bug', '/v1/bug', {}, 500, 'internal.error'],
    ['a refusal', '/v1/refused', {}, 409, 'conversation.busy'],
    ['a bad id', '/v1/things/42', {}, 400, 'request.invalid'],
    ['a bad limit', '/v1/list?limit=1e309', {}, 400, 'request.invalid'],
    ['a repeated query key', '/v1/list?cursor=a&cursor=b', {}, 400, 'request.invalid'],
    ['an unknown query key', '/v1/list?sort=name', {}, 400, 'request.invalid'],
    ['broken JSON', '/v1/echo', json('{"name":'), 400, 'request.malformed'],
    ['a list as body', '/v1/echo', json([]), 400, 'request.invalid'],
    ['text as body', '/v1/echo', json('"name"'), 400, 'request.invalid'],
    ['no body', '/v1/echo', { method: 'POST' }, 400, 'request.invalid'],
    ['a body that is too large', '/v1/echo', json({ name: 'x'.repeat(1_048_576) }), 413, 'request.too-large'],
    ['a prototype in the body', '/v1/echo', json('{"__proto__":{"x":1}}'), 400, 'request.malformed'],
    ['a deep body', '/v1/echo', json('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)), 400, 'request.invalid'],
    [
      'bytes that are not UTF-8',
      '/v1/echo',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from([0x22, 0xff, 0x22]) },
      400,
      'request.malformed',
    ],
    [
      'a form',
      '/v1/echo',
      { method: 'POST', body: new URLSearchParams({ name: 'x' }) },
      415,
      'request.unsupported-media-type',
    ],
    ['a file where none is taken', '/v1/echo', { method: 'POST', body: form }, 415, 'request.unsupported-media-type'],
    ['plain text', '/v1/echo', { method: 'POST', body: '{}' }, 415, 'request.unsupported-media-type'],
  ];

  it.each(cases)('answer %s', async (_name, path, init, status, code) => {
    const answer = await call(app, path, init);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ type: `urn:customercare:problem:${code}`, status });
    expect(answer.body['title']).toEqual(expect.any(String));
    expect(answer.body['requestId']).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(/hunter2|node_modules|\.ts|FST_|stack/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('x-xss-protection')).toBe('0');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('carry a detail, and Retry-After as a header too', async () => {
    const { body, headers } = await call(app, '/v1/refused');
    expect(body).toMatchObject({ detail: 'Three are waiting', retryAfterSeconds: 7 });
    expect(headers.get('retry-after')).toBe('7');
  });

  it('answer a request Node cannot read', async () => {
    const answer = await raw(app, 'GET /v1/open HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('x-frame-options: DENY');
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"code":"request.malformed"');
  });

  it.each([
    ['GET http://evil.example/v1/open', 421, 'request.host-not-allowed'],
    ['GET http://localhost/v1/open', 421, 'request.host-not-allowed'],
    ['OPTIONS *', 404, 'route.not-found'],
    ['GET //v1/open', 404, 'route.not-found'],
  ])('answer the target %s, with the usual headers', async (target, status, code) => {
    const answer = await raw(app, `${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer.toLowerCase()).toContain('x-frame-options: deny');
  });

  it.each(['TRACE', 'PROPFIND', 'PATCH'])('answer the method %s', async (method) => {
    const answer = await raw(app, `${method} /v1/open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 404/);
    expect(answer).toContain('"code":"route.not-found"');
  });

  it('answer headers that are too large', async () => {
    const answer = await raw(app, `GET /v1/open HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toContain('"code":"request.too-large"');
  });
});
