import { AUDIT_ENTITIES } from '@app/audit';
import { auditTrailOf } from '@app/audit/testing';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { describeDatabase, type TestDatabase } from '@app/database/testing';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import { hash } from '@node-rs/argon2';

import { Accounts } from './accounts/accounts.service';
import { AUTH_ENTITIES, AuthModule } from './index';
import { BoundedQueue } from './passwords/bounded-queue';
import { PasswordHasher, PasswordWork } from './passwords/password-hasher';
import { SessionRefresh } from './sessions/session-refresh.service';
import { Sessions } from './sessions/sessions.service';
import { KnownDevices } from './sign-in/known-devices';
import { LoginThrottle } from './sign-in/login-throttle';
import { SignIn } from './sign-in/sign-in.service';
import { PlatformForTests } from './testing/platform-for-tests';
import { settingsForTests } from './testing/settings-for-tests';
import type { SessionTokens } from './tokens/token-pairs';

const PASSWORD = 'seven quiet otters paint';
const DAY = 86_400;
const client = { ip: '203.0.113.7', userAgent: 'Test Browser 1.0', requestId: 'request-1' };

describeDatabase('signing in', (create) => {
  let test: TestDatabase;
  let app: TestingModule;
  let clock: FakeClock;
  let passwordHash: string;

  beforeAll(async () => {
    test = await create({ entities: [...AUTH_ENTITIES, ...AUDIT_ENTITIES] });
    clock = new FakeClock();
    app = await Test.createTestingModule({
      imports: [PlatformForTests.over(test, clock), AuthModule.forRoot(settingsForTests())],
    }).compile();
    passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
  });
  afterAll(async () => {
    await app?.close(); // undefined when it could not be made: the reason is in the log then
    await test.close();
  });

  /** A new account. The clock moves on, so that no test meets another one's counters. */
  async function newAccount(ownHash = passwordHash) {
    clock.advance(DAY);
    const account = { id: newId(), email: `anna.${newId()}@example.com`, name: 'Anna Schmidt' };
    await test.db.runAsUser({ userId: account.id }, (tx) => app.get(Accounts).add(tx, account, ownHash));
    return account;
  }
  const signIn = async (email: string, password = PASSWORD, from = client) => {
    const step = await app.get(SignIn).signIn({ email, password }, from);
    if ('secondFactor' in step) throw new Error('a second factor is asked for');
    return step;
  };
  const refresh = (tokens: SessionTokens) => app.get(SessionRefresh).refresh(tokens.refreshToken, client);
  const claimsOf = (tokens: SessionTokens): { sub: string; sid: string } =>
    JSON.parse(Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString());
  const isAlive = (tokens: SessionTokens) => {
    const { sub, sid } = claimsOf(tokens);
    return app.get(Sessions).isAlive({ userId: sub, sessionId: sid });
  };
  const signedIn = async () => {
    const account = await newAccount();
    return { account, tokens: (await signIn(account.email)).tokens };
  };
  const trailOf = async (userId: string) => {
    const rows = await auditTrailOf(test, { actorId: userId });
    return rows.map(({ action, data }) => [action, ...('reason' in data ? [data['reason']] : [])].join(' '));
  };

  describe('with e-mail and password', () => {
    it('starts a session and gives an access token of 900 seconds', async () => {
      const account = await newAccount();
      const { account: signedInAs, tokens } = await signIn(account.email.toUpperCase());
      expect(signedInAs).toEqual(account);
      expect(tokens.expiresAt.getTime() - clock.now().getTime()).toBe(900_000);
      expect(claimsOf(tokens).sub).toBe(account.id);
      expect(await isAlive(tokens)).toBe(true);
      expect(await trailOf(account.id)).toEqual(['session.started']);
    });

    it('remembers where the session came from and keeps no secret of it in clear', async () => {
      const { account, tokens } = await signedIn();
      const [session] = await test.inspect('select * from sessions where user_id = $1', [account.id]);
      expect(session).toMatchObject({ ip: expect.stringMatching(/^v1\./), user_agent: expect.stringMatching(/^v1\./) });
      expect(JSON.stringify(session)).not.toMatch(/203\.0\.113|Test Browser/);
      const secret = tokens.refreshToken.split('.')[1] ?? '';
      const stored = JSON.stringify(session) + String(Buffer.from(JSON.stringify(session)).toString('base64url'));
      expect(stored).not.toContain(secret.slice(0, 20));
    });

    it('answers a wrong password and an unknown account alike, and records which it was', async () => {
      const account = await newAccount();
      const wrong = await signIn(account.email, 'seven quiet otters pant').catch((error: unknown) => error);
      const unknown = await signIn(`nobody.${newId()}@example.com`).catch((error: unknown) => error);
      expect(wrong).toMatchObject({ code: 'auth.invalid-credentials' });
      expect(unknown).toEqual(wrong);
      expect(await trailOf(account.id)).toEqual(['session.start-failed wrong-password']);
      const [last] = await test.inspect('select actor_type, result, data from audit_events order by id desc limit 1');
      expect(last).toEqual({ actor_type: 'system', result: 'failed', data: { reason: 'unknown-account' } });
    });

    it('A04 refuses the sixth attempt from an address, also with the right password, but not from another one', async () => {
      const account = await newAccount();
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await expect(signIn(account.email, 'wrong')).rejects.toMatchObject({ code: 'auth.invalid-credentials' });
      }
      await expect(signIn(account.email)).rejects.toMatchObject({
        code: 'limit.logins',
        options: { retryAfterSeconds: 900 },
      });
      await expect(signIn(account.email)).rejects.toMatchObject({ code: 'limit.logins' });
      await expect(signIn(account.email, PASSWORD, { ...client, ip: '198.51.100.1' })).resolves.toBeDefined();
      clock.advance(900);
      await expect(signIn(account.email)).resolves.toBeDefined();
      expect(await trailOf(account.id)).toEqual([
        ...Array<string>(5).fill('session.start-failed wrong-password'),
        'session.started',
        'session.started',
      ]);
    });

    it('A04 forgets the wrong attempts after a right one, so that nobody is refused for a slip a day', async () => {
      const account = await newAccount();
      for (let round = 1; round <= 2; round += 1) {
        for (let attempt = 1; attempt <= 4; attempt += 1) {
          await expect(signIn(account.email, 'wrong')).rejects.toMatchObject({ code: 'auth.invalid-credentials' });
        }
        await expect(signIn(account.email)).resolves.toBeDefined();
      }
    });

    it('A04 refuses before any hashing: a flood does not fill the queue that others wait in', async () => {
      const account = await newAccount();
      for (let attempt = 1; attempt <= 5; attempt += 1) await signIn(account.email, 'wrong').catch(() => undefined);
      const flood = await Promise.allSettled(Array.from({ length: 80 }, () => signIn(account.email)));
      const waits = flood.map((attempt) => attempt.status === 'rejected' && attempt.reason.options.retryAfterSeconds);
      expect(new Set(waits)).toEqual(new Set([900])); // the full queue would say 5
    });

    it('A04 L02 lets a known device in where strangers have used everything up, for its own account alone', async () => {
      const [anna, ben] = [await newAccount(), await newAccount()];
      const deviceToken = app.get(KnownDevices).issue(anna.id, null);
      for (let index = 0; index < 60; index += 1) {
        const ip = `198.51.100.${Math.floor(index / 5)}`;
        await app.get(LoginThrottle).count({ email: anna.email, ip, deviceId: null });
        await app.get(LoginThrottle).count({ email: ben.email, ip, deviceId: null });
      }
      const from = { ...client, ip: '198.51.100.1' };
      const as = (email: string, token: string | null) =>
        app.get(SignIn).signIn({ email, password: PASSWORD, deviceToken: token }, from);
      const refused = { code: 'limit.logins' };
      for (const token of [null, 'made.up', app.get(KnownDevices).issue(ben.id, null)]) {
        await expect(as(anna.email, token)).rejects.toMatchObject(refused);
      }
      await expect(as(anna.email, deviceToken)).resolves.toMatchObject({ account: anna });
      await expect(as(ben.email, deviceToken)).rejects.toMatchObject(refused);
    });

    it('L05 does the same hashing for a known and for an unknown account, and none above the limit', async () => {
      const account = await newAccount();
      const work = jest.spyOn(BoundedQueue.prototype, 'run');
      const verify = jest.spyOn(app.get(PasswordHasher), 'verify');
      const done = async (email: string) => {
        work.mockClear();
        verify.mockClear();
        await signIn(email, 'wrong').catch(() => undefined);
        return { queued: work.mock.calls.length, verified: verify.mock.calls.map(([, password]) => password) };
      };
      const unknown = `nobody.${newId()}@example.com`;
      const outcomes = { known: [] as unknown[], unknown: [] as unknown[] };
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        outcomes.known.push(await done(account.email));
        outcomes.unknown.push(await done(unknown));
      }
      work.mockRestore();
      verify.mockRestore();
      const once = { queued: 1, verified: ['wrong'] };
      expect(outcomes.known).toEqual([once, once, once, once, once, { queued: 0, verified: [] }]);
      expect(outcomes.unknown).toEqual(outcomes.known);
    });

    it('L09 hashes again with the work of a raised setting, at the next sign-in and not before', async () => {
      const account = await newAccount();
      const stored = () =>
        test.inspect<{ hash: string }>('select password_hash as hash from users where id = $1', [account.id]);
      const raised = await Test.createTestingModule({
        imports: [
          PlatformForTests.over(test, clock),
          AuthModule.forRoot({ ...settingsForTests(), passwords: { memoryKib: 20_480, passes: 3 } }),
        ],
      })
        .overrideProvider(BlindIndex)
        .useValue(app.get(BlindIndex))
        .overrideProvider(FieldCipher)
        .useValue(app.get(FieldCipher))
        .compile();
      expect(raised.get(PasswordWork)).toMatchObject({ memoryKib: 20_480, passes: 3 });
      const credentials = { email: account.email, password: PASSWORD };
      await raised
        .get(SignIn)
        .signIn({ ...credentials, password: 'wrong' }, client)
        .catch(() => undefined);
      expect((await stored())[0]?.hash).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
      await raised.get(SignIn).signIn(credentials, client);
      expect((await stored())[0]?.hash).toContain('$argon2id$v=19$m=20480,t=3,p=1$');
      await expect(raised.get(SignIn).signIn(credentials, client)).resolves.toBeDefined();
      await raised.close();
    });

    it('L09 hashes again, with what is asked for now, a password that was hashed with less', async () => {
      const account = await newAccount(await hash(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 }));
      await expect(signIn(account.email, 'wrong')).rejects.toMatchObject({ code: 'auth.invalid-credentials' });
      const stored = () =>
        test.inspect<{ hash: string }>('select password_hash as hash from users where id = $1', [account.id]);
      expect((await stored())[0]?.hash).toContain('m=4096');
      await signIn(account.email);
      expect((await stored())[0]?.hash).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
      await expect(signIn(account.email)).resolves.toBeDefined();
    });

    it('A26 D01 keeps e-mail and name sealed, and finds the account by a keyed hash', async () => {
      const account = await newAccount();
      const [row] = await test.inspect<Record<string, unknown>>('select * from users where id = $1', [account.id]);
      expect(row).toMatchObject({
        email: expect.stringMatching(/^v1\.test\./),
        name: expect.stringMatching(/^v1\.test\./),
      });
      expect(JSON.stringify(row)).not.toMatch(/anna|schmidt/i);
      expect(await app.get(Accounts).findByEmail(` ${account.email.toUpperCase()} `)).toEqual(account);
    });

    it('refuses a second account with the same e-mail in other case', async () => {
      const account = await newAccount();
      const again = { ...account, id: newId(), email: account.email.toUpperCase() };
      const adding = test.db.runAsUser({ userId: again.id }, (tx) => app.get(Accounts).add(tx, again, passwordHash));
      await expect(adding).rejects.toMatchObject({ code: 'auth.email-taken' });
    });
  });

  describe('A06 refreshing', () => {
    it('gives new tokens of the same session and spends the old refresh token', async () => {
      const { account, tokens } = await signedIn();
      clock.advance(600);
      const next = await refresh(tokens);
      expect(next.refreshToken).not.toBe(tokens.refreshToken);
      expect(claimsOf(next)).toMatchObject({ sub: account.id, sid: claimsOf(tokens).sid });
      expect(next.expiresAt.getTime() - clock.now().getTime()).toBe(900_000);
      expect(await isAlive(next)).toBe(true);
      expect(await trailOf(account.id)).toEqual(['session.started', 'session.refreshed']);
    });

    it('gives a client whose answer was lost the same successor again, for ten seconds', async () => {
      const { account, tokens } = await signedIn();
      const next = await refresh(tokens);
      clock.advance(10);
      expect((await refresh(tokens)).refreshToken).toBe(next.refreshToken);
      expect(await trailOf(account.id)).toEqual(['session.started', 'session.refreshed']);
      await expect(refresh(next)).resolves.toBeDefined();
    });

    it('ends the session when the spent token comes back later, and that stays although the request failed', async () => {
      const { account, tokens } = await signedIn();
      const next = await refresh(tokens);
      clock.advance(11);
      await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.refresh-reused' });
      expect(await isAlive(next)).toBe(false);
      await expect(refresh(next)).rejects.toMatchObject({ code: 'auth.token-invalid' });
      const [session] = await test.inspect('select revoked_reason from sessions where user_id = $1', [account.id]);
      expect(session).toEqual({ revoked_reason: 'refresh-reused' });
      expect(await trailOf(account.id)).toEqual(['session.started', 'session.refreshed', 'session.reuse-detected']);
    });

    it('ends the session at once for any older token: of a chain of four, nothing lives after the first comes back', async () => {
      const { account, tokens } = await signedIn();
      const chain = [tokens];
      for (let index = 0; index < 3; index += 1) chain.push(await refresh(chain[index] ?? tokens));
      await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.refresh-reused' });
      for (const spent of chain) {
        await expect(refresh(spent)).rejects.toMatchObject({ code: 'auth.token-invalid' });
        expect(await isAlive(spent)).toBe(false);
      }
      expect((await trailOf(account.id)).at(-1)).toBe('session.reuse-detected');
    });

    it('closes one session and leaves the others of the user', async () => {
      const { account, tokens } = await signedIn();
      const other = (await signIn(account.email)).tokens;
      await refresh(tokens);
      clock.advance(60);
      await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.refresh-reused' });
      expect(await isAlive(other)).toBe(true);
      await expect(refresh(other)).resolves.toBeDefined();
    });

    it('rotates once when the same token comes many times at once, and every answer is the same', async () => {
      const { account, tokens } = await signedIn();
      const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(tokens)));
      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      expect(await trailOf(account.id)).toEqual(['session.started', 'session.refreshed']);
    });

    it('ends nothing for somebody who only knows the id of a session', async () => {
      const { account, tokens } = await signedIn();
      const guessed = `${claimsOf(tokens).sid}.${'A'.repeat(64)}`;
      for (const refreshToken of [guessed, tokens.accessToken, `${tokens.refreshToken}x`, '']) {
        await expect(refresh({ ...tokens, refreshToken })).rejects.toMatchObject({ code: 'auth.token-invalid' });
      }
      expect(await isAlive(tokens)).toBe(true);
      expect(await trailOf(account.id)).toEqual(['session.started']);
    });

    it('is possible until seven days without one, and each one starts the seven days again', async () => {
      const { tokens } = await signedIn();
      clock.advance(7 * DAY - 1);
      const next = await refresh(tokens);
      clock.advance(7 * DAY - 1);
      const last = await refresh(next);
      clock.advance(7 * DAY);
      await expect(refresh(last)).rejects.toMatchObject({ code: 'auth.token-invalid' });
    });

    it('is over after thirty days in any case, and so is every access token', async () => {
      const { account, tokens } = await signedIn();
      let latest = tokens;
      for (let day = 6; day < 30; day += 6) {
        clock.advance(6 * DAY);
        latest = await refresh(latest);
      }
      clock.advance(6 * DAY - 1);
      latest = await refresh(latest);
      expect(await isAlive(latest)).toBe(true);
      const sql = 'select idle_expires_at = absolute_expires_at as "isCapped" from sessions where user_id = $1';
      expect(await test.inspect(sql, [account.id])).toEqual([{ isCapped: true }]);
      clock.advance(1);
      expect(await isAlive(latest)).toBe(false);
      await expect(refresh(latest)).rejects.toMatchObject({ code: 'auth.token-invalid' });
    });
  });

  describe('signing out', () => {
    it('ends both tokens of the session at once, is recorded once, and may be repeated', async () => {
      const { account, tokens } = await signedIn();
      const user = { userId: account.id, sessionId: claimsOf(tokens).sid };
      await app.get(Sessions).end(user);
      await app.get(Sessions).end(user);
      expect(await isAlive(tokens)).toBe(false);
      await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.token-invalid' });
      expect(await trailOf(account.id)).toEqual(['session.started', 'session.ended']);
    });

    it('does nothing to a session of somebody else', async () => {
      const [anna, ben] = [await signedIn(), await signedIn()];
      const foreign = { userId: ben.account.id, sessionId: claimsOf(anna.tokens).sid };
      await app.get(Sessions).end(foreign);
      expect(await isAlive(anna.tokens)).toBe(true);
      expect(await app.get(Sessions).isAlive(foreign)).toBe(false);
    });
  });

  it('ends with the account: a deleted user has no session', async () => {
    const { account, tokens } = await signedIn();
    await test.inspect('delete from users where id = $1', [account.id]);
    expect(await isAlive(tokens)).toBe(false);
    await expect(refresh(tokens)).rejects.toMatchObject({ code: 'auth.token-invalid' });
  });

  it('shows a user the own profile and no rows of others', async () => {
    const { account, tokens } = await signedIn();
    await signedIn();
    const user = { userId: account.id, sessionId: claimsOf(tokens).sid };
    expect(await app.get(Accounts).ownProfile(user)).toMatchObject({ account, workspaces: [] });
    const seen = await test.db.runAsUser(user, (tx) =>
      tx.query('select id from users union all select user_id from sessions'),
    );
    expect(seen).toEqual([{ id: account.id }, { id: account.id }]);
  });
});
