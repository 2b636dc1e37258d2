import { once } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { IdempotencyRecords, type IdempotencyState } from './idempotency-records';
import { call, json, startTinyApp } from '../testing/tiny-app';
import { GuardedController } from '../testing/tiny-controllers';
import { ANNA, BERTA, OTHER_WORKSPACE, WORKSPACE } from '../testing/tiny-identity.module';

describe('Idempotency', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const things = (workspaceId = WORKSPACE): string => `/v1/workspaces/${workspaceId}/things`;
  const post = (key: string | null, name = 'A'): RequestInit =>
    json({ name, origins: [] }, { authorization: `Bearer ${ANNA}`, ...(key !== null && { 'idempotency-key': key }) });

  beforeEach(() => {
    GuardedController.created = 0;
  });

  it('carries a repeated request out once and gives the first answer again', async () => {
    const [first, second] = [await call(app, things(), post('key-1')), await call(app, things(), post('key-1'))];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe('/v1/things/1');
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(GuardedController.created).toBe(1);
  });

  it('carries each request without a key out', async () => {
    await call(app, things(), post(null));
    await call(app, things(), post(null));
    expect(GuardedController.created).toBe(2);
  });

  it('refuses the key for a different request', async () => {
    await call(app, things(), post('key-2', 'A'));
    const answer = await call(app, things(), post('key-2', 'B'));
    expect([answer.status, answer.body['code']]).toEqual([422, 'idempotency.key-reused']);
  });

  it('keeps users, workspaces and routes apart that chose the same key', async () => {
    const berta = { ...post('key-0'), headers: { ...post('key-0').headers, authorization: `Bearer ${BERTA}` } };
    await call(app, things(), post('key-0'));
    await call(app, things(), berta);
    await call(app, things(OTHER_WORKSPACE), post('key-0'));
    await call(app, things().replace('things', 'others'), post('key-0'));
    expect(GuardedController.created).toBe(4);
  });

  it('answers while the first one is still running', async () => {
    const { request } = app.get(GuardedController);
    const begun = once(request, 'begun');
    const first = call(app, things(), post('key-3', 'held'));
    await begun;
    const second = await call(app, things(), post('key-3', 'held'));
    request.emit('finish');
    expect([second.status, second.body['code']]).toEqual([409, 'idempotency.in-progress']);
    expect((await first).status).toBe(201);
    expect(GuardedController.created).toBe(1);
  });

  it('of ten at once carries exactly one out', async () => {
    await Promise.all(Array.from({ length: 10 }, () => call(app, things(), post('key-4', 'slow'))));
    expect(GuardedController.created).toBe(1);
  });

  it('lets a failed request be tried again under its key', async () => {
    expect((await call(app, things(), post('key-5', 'fails once'))).status).toBe(503);
    expect((await call(app, things(), post('key-5', 'fails once'))).status).toBe(201);
  });

  it.each([['x'.repeat(256)], ['with space'], ['']])('refuses %j as a key', async (key) => {
    expect((await call(app, things(), post(key))).status).toBe(400);
  });
});

/** A store that is away from the moment it says so. */
class FailingRecords extends IdempotencyRecords {
  constructor(private readonly failsAt: 'start' | 'complete') {
    super();
  }

  async start(): Promise<IdempotencyState> {
    if (this.failsAt === 'start') throw new Error('connection lost');
    return { kind: 'started' };
  }

  complete(): Promise<void> {
    return Promise.reject(new Error('connection lost'));
  }

  abandon(): Promise<void> {
    return Promise.reject(new Error('connection lost'));
  }
}

describe('Idempotency without its store', () => {
  const post = (name: string): RequestInit =>
    json({ name, origins: [] }, { authorization: `Bearer ${ANNA}`, 'idempotency-key': 'key' });

  it.each([
    ['does nothing, because nobody can tell whether it was done', 'start', 'A', 503, 0],
    ['answers what was done', 'complete', 'A', 201, 1],
    ['answers what went wrong with the request', 'complete', 'fails once', 503, 1],
  ] as const)('%s', async (_name, failsAt, name, status, created) => {
    GuardedController.created = 0;
    const app = await startTinyApp({}, (builder) =>
      builder.overrideProvider(IdempotencyRecords).useValue(new FailingRecords(failsAt)),
    );
    const answer = await call(app, `/v1/workspaces/${WORKSPACE}/things`, post(name));
    await app.close();
    expect([answer.status, GuardedController.created]).toEqual([status, created]);
  });
});
