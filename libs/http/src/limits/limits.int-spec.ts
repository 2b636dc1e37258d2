import { randomBytes } from 'node:crypto';

import { describeWithRedis, TEST_REDIS_URL } from '@app/cache/testing';
import { newId } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { type Answer, call, startTinyApp } from '../testing/tiny-app';

const from = (ip: string, init: RequestInit = {}): RequestInit => ({ ...init, headers: { 'x-forwarded-for': ip } });

describe('Limits', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp({ LIMIT_REQUESTS_PER_MINUTE: '6', LIMIT_AUTH_REQUESTS_PER_MINUTE: '2', TRUST_PROXY: '1' });
  });
  afterAll(() => app.close());

  it('count all routes together, before anybody is authenticated, and say where the caller stands', async () => {
    const paths = ['/v1/open', '/v1/me', '/v1/list', '/v1/things/1', '/v1/refused', '/v1/open'];
    const remaining: (string | null)[] = [];
    for (const path of paths) {
      const { headers } = await call(app, path, from('198.51.100.1'));
      remaining.push(headers.get('ratelimit-remaining'));
      expect(headers.get('ratelimit-limit')).toBe('6');
      expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    }
    expect(remaining).toEqual(['5', '4', '3', '2', '1', '0']);
    const refused = await call(app, '/v1/me', from('198.51.100.1'));
    expect([refused.status, refused.body['code']]).toEqual([429, 'limit.requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('x-frame-options')).toBe('DENY');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  it('are each address its own', async () => {
    expect((await call(app, '/v1/open', from('198.51.100.2'))).headers.get('ratelimit-remaining')).toBe('5');
  });

  it('are stricter where credentials are taken', async () => {
    const signIn = (): Promise<Answer> => call(app, '/v1/sign-in', from('198.51.100.3', { method: 'POST' }));
    const answers = [await signIn(), await signIn(), await signIn()];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 429]);
    expect(answers[0]?.headers.get('ratelimit-limit')).toBe('2');
  });

  it('are not evaded with addresses of one IPv6 network or with made-up hops', async () => {
    const network = await call(app, '/v1/open', from('2001:db8:1:1::1'));
    const neighbour = await call(app, '/v1/open', from('2001:db8:1:1:ffff::2'));
    const other = await call(app, '/v1/open', from('2001:db8:1:2::1'));
    expect([network, neighbour, other].map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
      '5',
      '4',
      '5',
    ]);
    const hops = await call(app, '/v1/open', from('6.6.6.6, 198.51.100.4'));
    const again = await call(app, '/v1/open', from('7.7.7.7, 198.51.100.4'));
    expect([hops, again].map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['5', '4']);
  });
});

describeWithRedis('Limits of two nodes', () => {
  it('are one limit', async () => {
    const env = {
      // Nodes of one installation: addresses are counted under a hash keyed by its secret.
      SECRET_KEY: randomBytes(32).toString('base64'),
      LIMIT_REQUESTS_PER_MINUTE: '3',
      TRUST_PROXY: '1',
      REDIS_URL: TEST_REDIS_URL,
      REDIS_PREFIX: `cc-test:${newId()}:`,
    };
    const nodes = [await startTinyApp(env), await startTinyApp(env)];
    const statuses: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      for (const node of nodes) statuses.push((await call(node, '/v1/open', from('198.51.100.9'))).status);
    }
    await Promise.all(nodes.map((node) => node.close()));
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('Limits without their shared store', () => {
  it('are counted by the node alone, and requests are answered', async () => {
    const app = await startTinyApp({ LIMIT_REQUESTS_PER_MINUTE: '2', REDIS_URL: 'redis://127.0.0.1:1' });
    const answers = [await call(app, '/v1/open'), await call(app, '/v1/open'), await call(app, '/v1/open')];
    await app.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  });
});
