import { once } from 'node:events';
import { connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { goodEnvironment } from '@app/config/testing';

import { call, raw, startTinyApp } from '../testing/tiny-app';
import { PublicController } from '../testing/tiny-controllers';
import { ANNA } from '../testing/tiny-identity.module';

describe('Hosts', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const request = (...hosts: string[]): string =>
    ['GET /v1/open HTTP/1.1', ...hosts.map((host) => `Host: ${host}`), 'Connection: close', '', ''].join('\r\n');

  it.each([['localhost'], ['127.0.0.1:3000'], ['[::1]:3000'], ['LOCALHOST']])('serves %s', async (host) => {
    expect(await raw(app, request(host))).toMatch(/^HTTP\/1.1 200/);
  });

  it.each([
    [['evil.example']],
    [['localhost', 'evil.example']],
    [['localhost', 'localhost']],
    [['localhost.evil.example']],
    [['localhost:3000:4000']],
    [['user@localhost']],
  ])('refuses %j with 421 and the usual headers', async (hosts) => {
    const answer = await raw(app, request(...hosts));
    expect(answer).toMatch(/^HTTP\/1.1 421/);
    expect(answer).toContain('"code":"request.host-not-allowed"');
    expect(answer.toLowerCase()).toContain('x-frame-options: deny');
    expect(answer).not.toContain('evil.example');
  });

  it('does not believe another host named elsewhere', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    expect((await call(app, '/v1/open', { headers })).status).toBe(200);
  });
});

describe('CORS', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const preflight = (origin: string, method = 'PUT'): RequestInit => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
  });

  it('lets a listed origin ask, with four methods and for ten minutes', async () => {
    const { status, headers } = await call(app, '/v1/me', preflight('https://app.example.com'));
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('puts the headers on problems too', async () => {
    const { status, headers } = await call(app, '/v1/me', { headers: { origin: 'https://app.example.com' } });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it.each([
    'https://evil.example',
    'null',
    'http://app.example.com',
    'https://app.example.com.evil.example',
    'https://APP.example.com',
    'https://app.example.com:444',
  ])('tells %s nothing', async (origin) => {
    const refused = await call(app, '/v1/me', preflight(origin));
    const answered = await call(app, '/v1/open', { headers: { origin } });
    expect([refused.status, answered.status]).toEqual([403, 200]);
    for (const { headers } of [refused, answered]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  it('leaves the paths of embeds to their own lists', async () => {
    const { headers } = await call(app, '/v1/embed/sessions', {
      method: 'POST',
      headers: { origin: 'https://app.example.com' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('Request ids', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  it('are our own, a new one each time, whatever the caller sends', async () => {
    const headers = { 'x-request-id': 'chosen', 'request-id': 'chosen' };
    const [first, second] = [await call(app, '/v1/open', { headers }), await call(app, '/v1/open', { headers })];
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'));
  });
});

describe('Files', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  it('reach the route that takes them unread, whatever their size', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x'.repeat(3_000_000)]), 'large.txt');
    const { status, body } = await call(app, '/v1/files', { method: 'POST', body: form });
    expect(status).toBe(200);
    expect(Number(body['bytes'])).toBeGreaterThan(3_000_000);
  });
});

describe('While it stops', () => {
  it('answers what is under way and refuses what comes later on the same connection', async () => {
    const app = await startTinyApp();
    const { port } = new URL(await app.getUrl());
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    const { request } = app.get(PublicController);
    const begun = once(request, 'begun');
    socket.write('GET /v1/held HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await begun;
    const closed = app.close();
    const arrived = once(app.getHttpServer(), 'request');
    socket.write('GET /v1/open HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await arrived;
    request.emit('finish');
    await Promise.all([closed, once(socket, 'close')]);
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 503']);
    expect(answer).toContain('"code":"service.not-ready"');
  });
});

describe('In production', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp({
      ...goodEnvironment(),
      REDIS_URL: '',
      ALLOWED_HOSTS: '["127.0.0.1"]',
    });
  });
  afterAll(() => app.close());

  it('there is HSTS and no documentation', async () => {
    const { headers } = await call(app, '/v1/open');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    for (const path of ['/docs', '/docs/json', '/docs/yaml']) expect((await call(app, path)).status).toBe(404);
  });

  it('names the client address only as trusted hops report it', async () => {
    const headers = { authorization: `Bearer ${ANNA}`, 'x-forwarded-for': '6.6.6.6' };
    expect((await call(app, '/v1/me', { headers })).body['ip']).toBe('127.0.0.1');
  });
});
