import { AUDIT_ENTITIES } from '@app/audit';
import { auditTrailOf } from '@app/audit/testing';
import { describeDatabase, type TestDatabase } from '@app/database/testing';
import { newId, type UserContext } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { Test, type TestingModule } from '@nestjs/testing';

import { Accounts } from '../accounts/accounts.service';
import { AUTH_ENTITIES, AuthModule } from '../index';
import { PasswordHasher } from '../passwords/password-hasher';
import { SignIn } from '../sign-in/sign-in.service';
import { SessionConfirmations } from '../step-up/session-confirmations';
import { StepUpService } from '../step-up/step-up.service';
import { PlatformForTests } from '../testing/platform-for-tests';
import { settingsForTests } from '../testing/settings-for-tests';
import { SecondFactors } from './second-factors.service';
import { SignInCompletion } from './sign-in-completion.service';

const PASSWORD = 'seven quiet otters paint';
const client = { ip: '203.0.113.7', userAgent: 'Test Browser 1.0', requestId: 'request-1' };

describeDatabase('second factor', (create) => {
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

  const factors = () => app.get(SecondFactors);
  const completion = () => app.get(SignInCompletion);
  const codeOf = async (secret: string, inSeconds = 0) => {
    const { generate } = await import('otplib');
    return generate({ secret, epoch: clock.now().getTime() / 1000 + inSeconds });
  };
  /** Six digits that are right at no time near this one. */
  const wrongCodeOf = async (secret: string) => {
    const right = await Promise.all([-60, -30, 0, 30, 60].map((seconds) => codeOf(secret, seconds)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? '';
  };
  const signIn = (email: string, password = PASSWORD) => app.get(SignIn).signIn({ email, password }, client);
  const trailOf = async (userId: string) => (await auditTrailOf(test, { actorId: userId })).map(({ action }) => action);

  /** Anna, signed in. A day later than the test before, so that no two share a code or a counter. */
  async function newAccount() {
    clock.advance(86_400);
    const account = { id: newId(), email: `anna.${newId()}@example.com`, name: 'Anna Schmidt' };
    await test.db.runAsUser({ userId: account.id }, (tx) => app.get(Accounts).add(tx, account, passwordHash));
    const step = await signIn(account.email);
    if ('secondFactor' in step) throw new Error('nothing was enrolled');
    const claims = Buffer.from(step.tokens.accessToken.split('.')[1] ?? '', 'base64url').toString();
    const user: UserContext = { userId: account.id, sessionId: (JSON.parse(claims) as { sid: string }).sid };
    return { account, user };
  }
  async function enrolled() {
    const { account, user } = await newAccount();
    const { secret } = await factors().enrol(user);
    const recoveryCodes = await factors().enable(user, await codeOf(secret));
    clock.advance(90);
    return { account, user, secret, recoveryCodes };
  }
  async function challengeFor(email: string) {
    const step = await signIn(email);
    if (!('secondFactor' in step)) throw new Error('no second factor was asked for');
    return step.secondFactor;
  }
  const finish = async (email: string, proof: { code: string } | { recoveryCode: string }) =>
    completion().finish((await challengeFor(email)).challenge, proof, client);

  describe('setting it up', () => {
    it('asks for nothing at sign-in before a first code was shown, and keeps neither secret nor codes in clear', async () => {
      const { account, user } = await newAccount();
      const { secret, address } = await factors().enrol(user);
      expect(new URL(address).searchParams.get('secret')).toBe(secret);
      expect(await signIn(account.email)).toMatchObject({ account });
      const recoveryCodes = await factors().enable(user, await codeOf(secret));
      expect(new Set(recoveryCodes).size).toBe(10);
      for (const code of recoveryCodes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(await factors().status(user)).toEqual({ enabledAt: clock.now(), recoveryCodesLeft: 10 });
      const stored = JSON.stringify([
        await test.inspect('select * from second_factors'),
        await test.inspect(`select *, encode(code_hash, 'escape') from recovery_codes`),
      ]);
      for (const plain of [secret, ...recoveryCodes]) expect(stored).not.toContain(plain.slice(0, 8));
      expect(await trailOf(user.userId)).toEqual([
        'session.started',
        'second-factor.enrolment-started',
        'session.started',
        'second-factor.enabled',
      ]);
    });

    it('is not done by a wrong code, and the first code is spent with it', async () => {
      const { account, user } = await newAccount();
      const { secret } = await factors().enrol(user);
      await expect(factors().enable(user, await wrongCodeOf(secret))).rejects.toMatchObject({
        code: 'auth.confirmation-failed',
      });
      expect((await factors().status(user)).enabledAt).toBeNull();
      const code = await codeOf(secret);
      await factors().enable(user, code);
      await expect(finish(account.email, { code })).rejects.toMatchObject({ code: 'auth.second-factor-invalid' });
    });

    it('is over after ten minutes, and can be started again', async () => {
      const { user } = await newAccount();
      const old = await factors().enrol(user);
      clock.advance(601);
      await expect(factors().enable(user, await codeOf(old.secret))).rejects.toMatchObject({
        code: 'auth.second-factor-missing',
      });
      const { secret } = await factors().enrol(user);
      expect(secret).not.toBe(old.secret);
      await expect(factors().enable(user, await codeOf(secret))).resolves.toHaveLength(10);
    });

    it('never replaces one that is on', async () => {
      const { user } = await enrolled();
      await expect(factors().enrol(user)).rejects.toMatchObject({ code: 'auth.second-factor-enabled' });
      await expect(factors().enable(user, '123456')).rejects.toMatchObject({ code: 'auth.second-factor-enabled' });
    });

    it('shows nothing of it to others, and a secret moved to another row does not open', async () => {
      const [anna, ben] = [await enrolled(), await enrolled()];
      expect(await test.db.runAsUser(ben.user, (tx) => tx.query('select user_id from second_factors'))).toEqual([
        { user_id: ben.user.userId },
      ]);
      await test.inspect(
        'update second_factors set secret = (select secret from second_factors where user_id = $1) where user_id = $2',
        [ben.user.userId, anna.user.userId],
      );
      await expect(finish(anna.account.email, { code: await codeOf(ben.secret) })).rejects.toMatchObject({
        code: 'data.unreadable',
      });
    });
  });

  describe('signing in with it', () => {
    it('gives a challenge for a right password and tokens for a right code, and records both', async () => {
      const { account, user, secret } = await enrolled();
      const step = await signIn(account.email);
      expect(Object.keys(step)).toEqual(['secondFactor']);
      const done = await finish(account.email, { code: await codeOf(secret) });
      expect(done).toMatchObject({ account, tokens: { accessToken: expect.any(String) } });
      expect((await trailOf(user.userId)).slice(-3)).toEqual([
        'session.challenged',
        'session.challenged',
        'session.started',
      ]);
    });

    it('takes a challenge once, for five minutes, and from the client it was given to', async () => {
      const { account, secret } = await enrolled();
      const code = () => codeOf(secret);
      const { challenge } = await challengeFor(account.email);
      const invalid = { code: 'auth.challenge-invalid' };
      for (const other of [
        { ...client, ip: '198.51.100.1' },
        { ...client, userAgent: 'Another' },
      ]) {
        await expect(completion().finish(challenge, { code: await code() }, other)).rejects.toMatchObject(invalid);
      }
      for (const made of ['', 'x', `${challenge}x`, challenge.slice(0, -4), challenge.toUpperCase()]) {
        await expect(completion().finish(made, { code: await code() }, client)).rejects.toMatchObject(invalid);
      }
      await completion().finish(challenge, { code: await code() }, client);
      clock.advance(60);
      await expect(completion().finish(challenge, { code: await code() }, client)).rejects.toMatchObject(invalid);
      const late = await challengeFor(account.email);
      clock.advance(300);
      await expect(completion().finish(late.challenge, { code: await code() }, client)).rejects.toMatchObject(invalid);
    });

    it('takes a code once, also in another sign-in, and of many at once one is let in', async () => {
      const { account, secret } = await enrolled();
      const code = await codeOf(secret);
      const challenges = await Promise.all(Array.from({ length: 4 }, () => challengeFor(account.email)));
      const answers = await Promise.allSettled(
        challenges.map(({ challenge }) => completion().finish(challenge, { code }, client)),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(finish(account.email, { code })).rejects.toMatchObject({ code: 'auth.second-factor-invalid' });
    });

    it('A04 stops looking at codes after five wrong ones, longer each time, wherever they come from', async () => {
      const { account, secret, recoveryCodes } = await enrolled();
      const tries = async (count: number) => {
        for (let attempt = 0; attempt < count; attempt += 1) {
          await expect(finish(account.email, { code: await wrongCodeOf(secret) })).rejects.toMatchObject({
            code: 'auth.second-factor-invalid',
          });
        }
      };
      const refused = (retryAfterSeconds: number) => ({ code: 'limit.logins', options: { retryAfterSeconds } });
      await tries(5);
      await expect(finish(account.email, { code: await codeOf(secret) })).rejects.toMatchObject(refused(900));
      clock.advance(900);
      await tries(5);
      await expect(finish(account.email, { code: await codeOf(secret) })).rejects.toMatchObject(refused(1800));
      // The password is still taken and the owner still gets in: whoever guesses codes locks nobody out.
      await expect(finish(account.email, { recoveryCode: recoveryCodes[0] ?? '' })).resolves.toBeDefined();
      clock.advance(1800);
      await expect(finish(account.email, { code: await codeOf(secret) })).resolves.toBeDefined();
      await tries(4);
      await expect(finish(account.email, { code: await codeOf(secret, 30) })).resolves.toBeDefined();
    });

    it('A04 looks at five of twenty codes of a second factor that come at once', async () => {
      const { account, user, secret } = await enrolled();
      const code = await wrongCodeOf(secret);
      const challenges = [];
      for (let index = 0; index < 20; index += 1) challenges.push(await challengeFor(account.email));
      const answers = await Promise.allSettled(
        challenges.map(({ challenge }) => completion().finish(challenge, { code }, client)),
      );
      const codes = answers.map((answer) => answer.status === 'rejected' && answer.reason.code);
      expect(codes.filter((refusal) => refusal === 'auth.second-factor-invalid')).toHaveLength(5);
      expect(codes.filter((refusal) => refusal === 'limit.logins')).toHaveLength(15);
      expect((await trailOf(user.userId)).filter((action) => action === 'second-factor.failed')).toHaveLength(5);
    });

    it('A04 lets a challenge be tried five times', async () => {
      const { account, recoveryCodes } = await enrolled();
      const { challenge } = await challengeFor(account.email);
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const proof = { recoveryCode: '0000-0000-0000-0000-0000-0000' };
        await expect(completion().finish(challenge, proof, client)).rejects.toMatchObject({
          code: 'auth.second-factor-invalid',
        });
      }
      const right = { recoveryCode: recoveryCodes[0] ?? '' };
      await expect(completion().finish(challenge, right, client)).rejects.toMatchObject({
        code: 'auth.challenge-invalid',
      });
    });

    it('takes each recovery code once, however it was copied, and records it', async () => {
      const { account, user, recoveryCodes } = await enrolled();
      const [first = '', second = ''] = recoveryCodes;
      await finish(account.email, {
        recoveryCode: ` ${first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')}`,
      });
      await expect(finish(account.email, { recoveryCode: first })).rejects.toMatchObject({
        code: 'auth.second-factor-invalid',
      });
      const challenges = await Promise.all(Array.from({ length: 4 }, () => challengeFor(account.email)));
      const answers = await Promise.allSettled(
        challenges.map(({ challenge }) => completion().finish(challenge, { recoveryCode: second }, client)),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await factors().status(user)).recoveryCodesLeft).toBe(8);
      expect((await trailOf(user.userId)).filter((action) => action === 'recovery-code.used')).toHaveLength(2);
    });

    it("refuses somebody else's recovery code", async () => {
      const [anna, ben] = [await enrolled(), await enrolled()];
      await expect(finish(anna.account.email, { recoveryCode: ben.recoveryCodes[0] ?? '' })).rejects.toMatchObject({
        code: 'auth.second-factor-invalid',
      });
    });
  });

  it('renews recovery codes: the old ones are no good', async () => {
    const { account, user, recoveryCodes } = await enrolled();
    const renewed = await factors().renewRecoveryCodes(user);
    await expect(finish(account.email, { recoveryCode: recoveryCodes[3] ?? '' })).rejects.toMatchObject({
      code: 'auth.second-factor-invalid',
    });
    await expect(finish(account.email, { recoveryCode: renewed[3] ?? '' })).resolves.toBeDefined();
    const without = await newAccount();
    await expect(factors().renewRecoveryCodes(without.user)).rejects.toMatchObject({
      code: 'auth.second-factor-missing',
    });
  });

  it('is turned off with its codes: the password alone is enough again, and a waiting challenge is worthless', async () => {
    const { account, user, secret, recoveryCodes } = await enrolled();
    const { challenge } = await challengeFor(account.email);
    await factors().disable(user);
    await factors().disable(user);
    for (const proof of [{ code: await codeOf(secret) }, { recoveryCode: recoveryCodes[0] ?? '' }]) {
      await expect(completion().finish(challenge, proof, client)).rejects.toMatchObject({
        code: 'auth.second-factor-invalid',
      });
    }
    expect(await signIn(account.email)).toMatchObject({ account });
    expect(await factors().status(user)).toEqual({ enabledAt: null, recoveryCodesLeft: 0 });
    expect((await trailOf(user.userId)).filter((action) => action === 'second-factor.disabled')).toHaveLength(1);
  });

  describe('proving again that it is you', () => {
    const isFresh = (user: UserContext) => app.get(SessionConfirmations).isFresh(user);
    const stepUp = (user: UserContext, proof: { password: string } | { code: string }) =>
      app.get(StepUpService).confirm(user, proof);

    it('counts for ten minutes after signing in, and after each proof by password or code', async () => {
      const { user, secret } = await enrolled();
      clock.advance(599 - 90);
      expect(await isFresh(user)).toBe(true);
      clock.advance(1);
      expect(await isFresh(user)).toBe(false);
      const until = await stepUp(user, { password: PASSWORD });
      expect(until.getTime() - clock.now().getTime()).toBe(600_000);
      expect(await isFresh(user)).toBe(true);
      clock.advance(600);
      expect(await isFresh(user)).toBe(false);
      await stepUp(user, { code: await codeOf(secret) });
      expect(await isFresh(user)).toBe(true);
      expect((await trailOf(user.userId)).slice(-2)).toEqual(['session.confirmed', 'session.confirmed']);
    });

    it('counts for one session, of one user, while it lives', async () => {
      const [anna, ben] = [await newAccount(), await newAccount()];
      clock.advance(600);
      await stepUp(ben.user, { password: PASSWORD });
      expect(await isFresh(anna.user)).toBe(false);
      expect(await isFresh({ ...anna.user, sessionId: ben.user.sessionId })).toBe(false);
      expect(await isFresh({ ...ben.user, userId: anna.user.userId })).toBe(false);
      await test.inspect('update sessions set revoked_at = now() where id = $1', [ben.user.sessionId]);
      expect(await isFresh(ben.user)).toBe(false);
    });

    it('A04 is refused after five wrong proofs, without locking the password at sign-in', async () => {
      const { account, user } = await newAccount();
      clock.advance(600);
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await expect(stepUp(user, { password: 'wrong' })).rejects.toMatchObject({ code: 'auth.confirmation-failed' });
      }
      await expect(stepUp(user, { password: PASSWORD })).rejects.toMatchObject({
        code: 'limit.logins',
        options: { retryAfterSeconds: 900 },
      });
      expect(await isFresh(user)).toBe(false);
      await expect(signIn(account.email)).resolves.toMatchObject({ account });
      clock.advance(900);
      await expect(stepUp(user, { password: PASSWORD })).resolves.toBeDefined();
      const failed = (await trailOf(user.userId)).filter((action) => action === 'session.confirmation-failed');
      expect(failed).toHaveLength(5);
    });

    it('takes no code twice and none of somebody without a second factor', async () => {
      const { account, user, secret } = await enrolled();
      const code = await codeOf(secret);
      await finish(account.email, { code });
      await expect(stepUp(user, { code })).rejects.toMatchObject({ code: 'auth.confirmation-failed' });
      const without = await newAccount();
      await expect(stepUp(without.user, { code })).rejects.toMatchObject({ code: 'auth.second-factor-missing' });
    });
  });
});
