import { Redis } from 'ioredis';
import { Admin, call } from './support/admin';
import { Command } from './support/command';
import { Company } from './support/company';
import { documentedOperations } from './support/open-api';
import { comeBackFaults, type Problem } from './support/problems';
import { send } from './support/raw-http';
import { REDIS } from './support/services';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';

const NEXT = 'Nine-otters-knit-scarves';

describeServerStack('An operator loses Redis', (start) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2, hasWires: true });
  }, 180_000);
  afterAll(() => stack?.stop());
  afterEach(async () => {
    await stack.wires.redis.mend();
    for (const node of stack.nodes) await node.waitUntilReady(20);
  });

  const statuses = (token: string, path = '/v1/me'): Promise<number[]> =>
    Promise.all(stack.nodes.map(async ({ url }) => (await call(url, 'GET', path, { token })).status));
  const login = ({ email, password }: Admin, url = stack.url) =>
    call<{ accessToken: string; refreshToken: string } & Problem>(url, 'POST', '/v1/auth/login', {
      body: { email, password, refreshTokenIn: 'body' },
    });
  /** Everything of this installation, as after a restart without a disk. */
  const loseEverything = async (): Promise<string[]> => {
    const redis = new Redis(REDIS);
    const keys = await redis.keys(`${stack.env['REDIS_PREFIX']}*`);
    await redis.del(keys);
    redis.disconnect();
    return keys;
  };

  it('T08 A01 and what was signed out stays so although Redis loses everything right after it', async () => {
    const { session } = await Admin.register(stack.url);
    expect((await call(stack.url, 'POST', '/v1/auth/logout', { token: session.accessToken })).status).toBe(204);
    expect((await loseEverything()).some((key) => key.includes('revoked-session:'))).toBe(true);
    expect(await statuses(session.accessToken)).toEqual([401, 401]);
  });

  it('T08 A01 and signing out counts on every node while it cannot be reached, and others go on', async () => {
    const [out, other] = [await Admin.register(stack.url), await Admin.register(stack.url)];
    stack.wires.redis.cut();
    const { accessToken, refreshToken } = out.session;
    expect((await call(stack.url, 'POST', '/v1/auth/logout', { token: accessToken })).status).toBe(204);
    expect(await statuses(accessToken)).toEqual([401, 401]);
    for (const { url } of stack.nodes) {
      expect((await call(url, 'POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    }
    expect(await statuses(other.session.accessToken)).toEqual([200, 200]);
  });

  it('T04 T09 T10 A01 and so do a changed password, an ended session and a replayed refresh token', async () => {
    const [anna, ben, carl] = [
      await Admin.register(stack.url),
      await Admin.register(stack.url),
      await Admin.register(stack.url),
    ];
    const [annaElsewhere, benElsewhere] = [(await login(anna)).body, (await login(ben)).body];
    stack.wires.redis.cut();
    const body = { currentPassword: anna.password, newPassword: NEXT, refreshTokenIn: 'body' };
    const changed = await anna.call<{ accessToken: string }>('PUT', '/v1/me/password', body);
    expect(await statuses(annaElsewhere.accessToken)).toEqual([401, 401]);
    expect(await statuses(changed.body.accessToken)).toEqual([200, 200]);
    expect((await ben.call('POST', '/v1/me/sessions/revoke-others')).status).toBe(200);
    expect(await statuses(benElsewhere.accessToken)).toEqual([401, 401]);
    const refresh = (refreshToken: string) =>
      call<Problem>(stack.url, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    const { refreshToken } = carl.session;
    expect((await refresh(refreshToken)).status).toBe(200);
    await stack.advanceClock(60); // the answer of a refresh may be asked for twice for a moment
    expect((await refresh(refreshToken)).body.code).toBe('auth.refresh-reused');
    expect(await statuses(carl.session.accessToken)).toEqual([401, 401]);
  });

  it('T15 A01 and so do another role, a removal and a suspension', async () => {
    const [owner, member, other] = [
      await Admin.register(stack.url),
      await Admin.register(stack.url),
      await Admin.register(stack.url),
    ];
    await owner.addMember(member, 'editor');
    const embeds = `/v1/workspaces/${owner.workspaceId}/embeds`;
    const { accessToken, user } = member.session;
    expect(await statuses(accessToken, embeds)).toEqual([200, 200]);
    stack.wires.redis.cut();
    await owner.inWorkspace('PUT', `/members/${user.id}`, { role: 'viewer' });
    expect(await statuses(accessToken, embeds)).toEqual([403, 403]);
    await owner.inWorkspace('DELETE', `/members/${user.id}`);
    expect(await statuses(accessToken, embeds)).toEqual([404, 404]);
    expect(await Command.run(stack, 'users:suspend', other.email)).toMatchObject({ code: 0 });
    expect(await statuses(other.session.accessToken)).toEqual([401, 401]);
  }, 60_000);

  it('A40 H16 and whoever has a token reads on, and nothing breaks', async () => {
    const company = await Company.found(stack.url, 'WALRUS-3310');
    const readable = (await documentedOperations(stack.url)).filter(
      ({ method, access }) => method === 'GET' && access !== 'public',
    );
    stack.wires.redis.cut();
    const faults: string[] = [];
    for (const operation of readable) {
      const path = company.address(operation);
      const answer = await send(stack.url, { method: 'GET', path, ...company.credentials(operation) });
      if (answer.status !== 200) faults.push(`${operation.name}: ${answer.status} ${answer.text}`);
    }
    company.leave();
    expect(readable.length).toBeGreaterThan(15);
    expect(faults).toEqual([]);
  }, 60_000);

  it('A04 L01 but nobody tries passwords that are not counted, and everybody may again when it is back', async () => {
    const anna = await Admin.register(stack.url);
    stack.wires.redis.cut();
    for (const password of [anna.password, 'Guessed-harbour-77']) {
      for (const { url } of stack.nodes) {
        const body = { email: anna.email, password };
        const answer = await send(url, { method: 'POST', path: '/v1/auth/login', body });
        expect(comeBackFaults('login', answer, 'service.not-ready')).toEqual([]);
      }
    }
    for (const { url } of stack.nodes) {
      expect((await send(url, { method: 'GET', path: '/healthz' })).status).toBe(200);
      expect((await send(url, { method: 'GET', path: '/readyz' })).status).toBe(503);
    }
    await stack.wires.redis.mend();
    for (const { url } of stack.nodes) await until(async () => (await login(anna, url)).status === 200, 20);
  }, 60_000);
});
