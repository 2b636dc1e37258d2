import { newId } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { call, json, startTinyApp } from '../testing/tiny-app';

describe('Validation', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await startTinyApp();
  });
  afterAll(() => app.close());

  const faultsOf = async (body: unknown): Promise<unknown> => (await call(app, '/v1/echo', json(body))).body['errors'];
  const good = { name: 'A', origins: [] };

  it('passes what the DTO describes, trimmed where it says so', async () => {
    const answer = await call(
      app,
      '/v1/echo',
      json({ name: '  <b>O’Brien</b> ', size: 3, origins: [{ origin: 'x' }] }),
    );
    expect(answer.body).toEqual({ name: '<b>O’Brien</b>', size: 3, origins: [{ origin: 'x' }] });
  });

  it('refuses an unknown property, also a nested one, and names it', async () => {
    expect(await faultsOf({ ...good, role: 'owner' })).toEqual([{ path: 'role', message: 'is not a known field' }]);
    expect(await faultsOf({ name: 'A', origins: [{ origin: 'x', workspaceId: 'y' }] })).toEqual([
      { path: 'origins.0.workspaceId', message: 'is not a known field' },
    ]);
  });

  it.each([
    ['a missing field', { origins: [] }, 'name'],
    ['null', { ...good, name: null }, 'name'],
    ['null for an optional field', { ...good, size: null }, 'size'],
    ['a number for text', { ...good, name: 5 }, 'name'],
    ['an object for text', { ...good, name: { toString: 1 } }, 'name'],
    ['a list for text', { ...good, name: ['A'] }, 'name'],
    ['nothing but white space', { ...good, name: '   ' }, 'name'],
    ['text that is too long', { ...good, name: 'x'.repeat(41) }, 'name'],
    ['a control character', { ...good, name: 'a\u0000b' }, 'name'],
    ['half a character', { ...good, name: 'a\ud800b' }, 'name'],
    ['text for a number', { ...good, size: '3' }, 'size'],
    ['a fraction', { ...good, size: 1.5 }, 'size'],
    ['a number that is too large', { ...good, size: 10 }, 'size'],
    ['text for a list', { ...good, origins: 'x' }, 'origins'],
    ['an object for a list', { ...good, origins: {} }, 'origins'],
    ['too many items', { ...good, origins: [1, 2, 3].map(() => ({ origin: 'x' })) }, 'origins'],
  ])('refuses %s and names the field', async (_name, body, path) => {
    const faults = await faultsOf(body);
    expect(faults).toEqual(expect.arrayContaining([expect.objectContaining({ path })]));
    expect(JSON.stringify(faults)).not.toContain('xxxxx');
  });

  it('counts characters as people do', async () => {
    expect((await call(app, '/v1/echo', json({ ...good, name: '🦊'.repeat(40) }))).status).toBe(200);
    expect((await call(app, '/v1/echo', json({ ...good, name: '🦊'.repeat(41) }))).status).toBe(400);
  });

  it('lists at most fifty faults, however many there are', async () => {
    const body = { ...good, ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, 1])) };
    expect(await faultsOf(body)).toHaveLength(50);
  });

  it('gives a page its default, reads digits, and refuses anything else', async () => {
    expect((await call(app, '/v1/list')).body).toEqual({ limit: 50 });
    expect((await call(app, '/v1/list?limit=7&cursor=abc')).body).toEqual({ limit: 7, cursor: 'abc' });
    for (const limit of ['0', '-1', '101', '', '7.5', '0x7', ' 7', 'true']) {
      expect((await call(app, `/v1/list?limit=${encodeURIComponent(limit)}`)).status).toBe(400);
    }
  });

  it.each(['__proto__=1', '__proto__[limit]=5', 'constructor.prototype.x=1', 'toString=1', 'limit[]=5', 'limit.a=5'])(
    'refuses or ignores the query %s',
    async (query) => {
      const { status, body } = await call(app, `/v1/list?${query}`);
      if (status !== 400) expect([status, body]).toEqual([200, { limit: 50 }]);
      expect(Reflect.get({}, 'x')).toBeUndefined();
    },
  );

  it('reads an id in any case and hands it on in lower case', async () => {
    const id = newId();
    expect((await call(app, `/v1/things/${id.toUpperCase()}`)).body).toEqual({ id });
  });
});
