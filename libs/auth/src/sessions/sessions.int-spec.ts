import { setImmediate } from 'node:timers/promises';

import { AUDIT_ENTITIES } from '@app/audit';
import { auditTrailOf } from '@app/audit/testing';
import { KeyValueStore } from '@app/cache';
import { describeDatabase, type TestDatabase } from '@app/database/testing';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { Test, type TestingModule } from '@nestjs/testing';

import { Accounts } from '../accounts/accounts.service';
import { AUTH_ENTITIES, AuthModule } from '../index';
import { PlatformForTests } from '../testing/platform-for-tests';
import { settingsForTests } from '../testing/settings-for-tests';
import type { SessionTokens } from '../tokens/token-pairs';
import { type RevokedSessions, SessionRevocations } from './session-revocations.service';
import { SessionRefresh } from './session-refresh.service';
import { SessionSweep } from './session-sweep.service';
import { Sessions } from './sessions.service';
import { Suspensions } from './suspensions.service';

const DAY = 86_400;
const client = { ip: '203.0.113.7', userAgent: 'Test Browser 1.0', requestId: 'request-1' };

describeDatabase('ending sessions', (create) => {
  let test: TestDatabase;
  let app: TestingModule;
  const clock = new FakeClock();
  const heard: RevokedSessions[] = [];

  beforeAll(async () => {
    test = await create({ entities: [...AUTH_ENTITIES, ...AUDIT_ENTITIES] });
    app = await Test.createTestingModule({
      imports: [PlatformForTests.over(test, clock), AuthModule.forRoot(settingsForTests())],
    }).compile();
    await app.get(SessionRevocations).subscribe((revoked) => heard.push(revoked));
  });
  afterAll(async () => {
    await app?.close(); // undefined when it could not be made: the reason is in the log then
    await test.close();
  });
  beforeEach(() => heard.splice(0));

  /** Messages are delivered after whoever publishes them has gone on. */
  const heardByNow = async () => {
    await setImmediate();
    return heard;
  };
  const sessions = () => app.get(Sessions);
  const newUser = async () => {
    const account = { id: newId(), email: `${newId()}@example.com`, name: 'Anna Schmidt' };
    await test.db.runAsUser({ userId: account.id }, (tx) => app.get(Accounts).add(tx, account, 'no hash'));
    return account.id;
  };
  const start = async (userId: string, from = client) => {
    const tokens = await test.db.runAsUser({ userId }, (tx) => sessions().start(tx, userId, from));
    const [sessionId = ''] = tokens.refreshToken.split('.');
    return { tokens, userId, sessionId };
  };
  const isAlive = (session: { userId: string; sessionId: string }) => sessions().isAlive(session);
  const refresh = (tokens: SessionTokens) => app.get(SessionRefresh).refresh(tokens.refreshToken, client);
  const reasonsOf = async (userId: string) => {
    const rows = await test.inspect('select revoked_reason as reason from sessions where user_id = $1 order by id', [
      userId,
    ]);
    return rows.map(({ reason }) => reason);
  };

  it('A02 T10 lists the living sessions of the user alone, the last used first, with where they come from', async () => {
    const [userId, other] = [await newUser(), await newUser()];
    const first = await start(userId);
    clock.advance(60);
    const second = await start(userId, { ...client, ip: '2001:db8::7', userAgent: 'Phone'.repeat(100) });
    await start(other);
    const ended = await start(userId);
    await sessions().end(ended);
    const createdAt = clock.now();
    clock.advance(60);
    await refresh(first.tokens);
    expect(await sessions().list(first)).toEqual([
      {
        id: first.sessionId,
        createdAt: new Date(createdAt.getTime() - 60_000),
        lastUsedAt: clock.now(),
        ip: client.ip,
        userAgent: client.userAgent,
        isCurrent: true,
      },
      {
        id: second.sessionId,
        createdAt,
        lastUsedAt: createdAt,
        ip: '2001:db8::7',
        userAgent: 'Phone'.repeat(60),
        isCurrent: false,
      },
    ]);
    clock.advance(7 * 86_400);
    expect(await sessions().list(first)).toEqual([]);
  });

  it('A02 T10 ends one chosen session, once, and never one of somebody else', async () => {
    const [userId, other] = [await newUser(), await newUser()];
    const [mine, chosen, foreign] = [await start(userId), await start(userId), await start(other)];
    await sessions().endOne(mine, chosen.sessionId);
    for (const id of [chosen.sessionId, foreign.sessionId, newId()]) {
      await expect(sessions().endOne(mine, id)).rejects.toMatchObject({ code: 'session.not-found' });
    }
    expect([await isAlive(mine), await isAlive(chosen), await isAlive(foreign)]).toEqual([true, false, true]);
    expect(await reasonsOf(userId)).toEqual([null, 'revoked-by-user']);
    expect((await auditTrailOf(test, { actorId: userId })).at(-1)).toMatchObject({
      action: 'session.revoked',
      data: { reason: 'revoked-by-user', sessionIds: [chosen.sessionId] },
    });
  });

  it('A02 ends all others in the transaction of the change that asks for it, or not at all', async () => {
    const userId = await newUser();
    const [mine, second, third] = [await start(userId), await start(userId), await start(userId)];
    const failing = test.db.runAsUser({ userId }, async (tx) => {
      await sessions().endOthers(tx, mine, 'password-changed');
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect([await isAlive(second), await heardByNow()]).toEqual([true, []]);
    expect(await test.db.runAsUser(mine, (tx) => sessions().endOthers(tx, mine, 'password-changed'))).toBe(2);
    expect([await isAlive(mine), await isAlive(second), await isAlive(third)]).toEqual([true, false, false]);
    expect(await sessions().endOthers(null, mine, 'password-changed')).toBe(0);
    expect(await reasonsOf(userId)).toEqual([null, 'password-changed', 'password-changed']);
  });

  it('A01 tells all nodes which sessions ended, and refuses them by the deny-list before the database is asked', async () => {
    const userId = await newUser();
    const [first, second] = [await start(userId), await start(userId)];
    await test.db.runAsUser({ userId }, (tx) => sessions().endAll(tx, userId, 'password-changed'));
    expect(await heardByNow()).toEqual([
      { userId, reason: 'password-changed', sessionIds: expect.arrayContaining([first.sessionId, second.sessionId]) },
    ]);
    // As if the row had not arrived here yet.
    await test.inspect('update sessions set revoked_at = null, revoked_reason = null where user_id = $1', [userId]);
    expect([await isAlive(first), await isAlive(second)]).toEqual([false, false]);
    clock.advance(899);
    expect(await isAlive(first)).toBe(false);
    clock.advance(1); // no access token of it can be good any more
    expect(await isAlive(first)).toBe(true);
  });

  it('A01 refuses by the row alone when the deny-list was emptied or cannot be reached', async () => {
    const userId = await newUser();
    const [first, second] = [await start(userId), await start(userId)];
    await sessions().end(first);
    await app.get(KeyValueStore).delete(`revoked-session:${first.sessionId}`);
    expect([await isAlive(first), await isAlive(second)]).toEqual([false, true]);
    const away = new Error('Redis is not reachable');
    const get = jest.spyOn(app.get(KeyValueStore), 'get').mockRejectedValue(away);
    const set = jest.spyOn(app.get(KeyValueStore), 'set').mockRejectedValue(away);
    expect([await isAlive(first), await isAlive(second)]).toEqual([false, true]);
    await sessions().end(second);
    expect(await isAlive(second)).toBe(false);
    get.mockRestore();
    set.mockRestore();
  });

  it('A01 T04 tells all nodes of a session that a spent token ended', async () => {
    const { tokens, userId, sessionId } = await start(await newUser());
    await refresh(tokens);
    clock.advance(11);
    await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.refresh-reused' });
    expect(await heardByNow()).toEqual([{ userId, reason: 'refresh-reused', sessionIds: [sessionId] }]);
  });

  it('T15 locks a suspended user out of every session and of a new one, until restored', async () => {
    const userId = await newUser();
    const session = await start(userId);
    expect(await app.get(Suspensions).suspend(userId)).toBe(true);
    expect(await app.get(Suspensions).suspend(userId)).toBe(false);
    expect(await isAlive(session)).toBe(false);
    await expect(refresh(session.tokens)).rejects.toMatchObject({ code: 'auth.token-invalid' });
    await expect(start(userId)).rejects.toMatchObject({ code: 'auth.account-suspended' });
    expect(await app.get(Suspensions).restore(userId)).toBe(true);
    expect(await app.get(Suspensions).restore(userId)).toBe(false);
    expect(await isAlive(session)).toBe(false);
    expect(await isAlive(await start(userId))).toBe(true);
    expect(await reasonsOf(userId)).toEqual(['suspended', null]);
    expect(await app.get(Suspensions).suspend(newId())).toBe(false);
  });

  it('T15 refuses a session that is still good by itself when its user is suspended', async () => {
    const session = await start(await newUser());
    await test.inspect('update users set suspended_at = now() where id = $1', [session.userId]);
    expect(await isAlive(session)).toBe(false);
  });

  it('A02 deletes what ended or ran out more than seven days ago, of all users, and nothing else', async () => {
    const [userId, other] = [await newUser(), await newUser()];
    const [ended, expired] = [await start(userId), await start(other)];
    await sessions().end(ended);
    const sweep = new SessionSweep(test.systemDb, test.db, clock);
    const left = async () => {
      const rows = await test.inspect('select id from sessions where user_id in ($1, $2) order by id', [userId, other]);
      return rows.map(({ id }) => id);
    };
    clock.advance(7 * DAY);
    const living = await start(userId);
    await sweep.run();
    expect(await left()).toEqual([ended.sessionId, expired.sessionId, living.sessionId]);
    clock.advance(1);
    await sweep.run();
    expect(await left()).toEqual([expired.sessionId, living.sessionId]);
    clock.advance(7 * DAY - 1); // seven days after it ran out, and the other has just run out
    await sweep.run();
    expect(await left()).toEqual([expired.sessionId, living.sessionId]);
    clock.advance(1);
    await sweep.run();
    expect(await left()).toEqual([living.sessionId]);
    expect(await sweep.run()).toBe(0);
  });
});
