import { generateKeyPairSync } from 'node:crypto';

import { AUDIT_ENTITIES } from '@app/audit';
import { auditTrailOf } from '@app/audit/testing';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { newId, type UserContext } from '@app/kernel';
import { Clock, SystemClock } from '@app/kernel';
import { Test, type TestingModule } from '@nestjs/testing';

import { Accounts } from '../accounts/accounts.service';
import { AUTH_ENTITIES, AuthModule } from '../index';
import { SecondFactors } from '../second-factor/second-factors.service';
import { SessionConfirmations } from '../step-up/session-confirmations';
import { Sessions } from '../sessions/sessions.service';
import { HandmadeProvider } from '../testing/handmade-provider';
import { PlatformForTests } from '../testing/platform-for-tests';
import { settingsForTests } from '../testing/settings-for-tests';
import { Identities } from './identities.service';
import type { OidcPurpose } from './oidc-flows';
import { OidcSettings } from './oidc-settings';
import { type OidcArrival, OidcSignIn } from './oidc-sign-in.service';

const CLIENT_ID = 'customercare';
const client = { ip: '203.0.113.7', userAgent: 'Test Browser 1.0', requestId: 'request-1' };
const SIGN_IN: OidcPurpose = { kind: 'sign-in', isFresh: false };

/** Real time, for the provider's sake, and whatever a test adds to it. */
class MovableClock extends Clock {
  private readonly real = new SystemClock();
  addedMs = 0;

  now(): Date {
    return new Date(this.real.now().getTime() + this.addedMs);
  }
}

describeDatabases('signing in with OIDC', (create) => {
  let test: TestDatabase;
  let provider: HandmadeProvider;
  let app: TestingModule;
  /** Changed by tests; the product's own settings stay as they were at its start. */
  const sign = { up: true };
  let clock: MovableClock;

  beforeAll(async () => {
    test = await create({ entities: [...AUTH_ENTITIES, ...AUDIT_ENTITIES] });
    provider = await HandmadeProvider.start(CLIENT_ID);
    clock = new MovableClock();
    const { tokens, secrets } = settingsForTests();
    const oidc = {
      ...{ issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: 's:cret/', name: 'Acme', returnPath: '/in' },
      get hasSignUp() {
        return sign.up;
      },
    };
    const auth = AuthModule.forRoot({ tokens, secrets, oidc, publicUrl: 'https://chat.example.com' });
    app = await Test.createTestingModule({ imports: [PlatformForTests.over(test, clock), auth] }).compile();
  });
  afterAll(async () => {
    await app?.close(); // undefined when it could not be made: the reason is in the log then
    await provider?.stop();
    await test.close();
  });
  beforeEach(() => {
    clock.addedMs = 0;
    sign.up = true;
  });

  interface Person {
    sub: string;
    email?: string;
    email_verified?: unknown;
    name?: string;
    auth_time?: number;
  }
  const somebody = (): Person => {
    const sub = newId();
    return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Ada' };
  };
  /** To the provider, which answers for `person`, and back. */
  async function depart(person: Person, purpose = SIGN_IN) {
    const { address, sealedFlow } = await app.get(OidcSignIn).depart(purpose);
    const sent = new URL(address).searchParams;
    provider.reset({ ...person, nonce: sent.get('nonce') });
    const answer = new URLSearchParams({ code: newId(), state: sent.get('state') ?? '' });
    return { sent, sealedFlow, answer };
  }
  async function roundTrip(person: Person, purpose = SIGN_IN): Promise<OidcArrival> {
    const { answer, sealedFlow } = await depart(person, purpose);
    return app.get(OidcSignIn).arrive(answer, sealedFlow, client);
  }
  const signIn = async (person: Person, purpose = SIGN_IN) => {
    const arrival = await roundTrip(person, purpose);
    if (arrival === 'linked' || 'secondFactor' in arrival) throw new Error('not signed in');
    const [sessionId = ''] = arrival.tokens.refreshToken.split('.');
    return { ...arrival, user: { userId: arrival.account.id, sessionId } };
  };
  async function withPassword(email: string): Promise<UserContext> {
    const account = { id: newId(), email, name: 'Anna' };
    return test.db.runAsUser({ userId: account.id }, async (tx) => {
      await app.get(Accounts).add(tx, account, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo');
      const { refreshToken } = await app.get(Sessions).start(tx, account.id, client);
      return { userId: account.id, sessionId: refreshToken.split('.')[0] ?? '' };
    });
  }
  const failed = { code: 'auth.oidc-failed' };

  it('sends PKCE with S256, state and nonce that no two share, and nothing secret', async () => {
    const [one, two] = [await depart(somebody()), await depart(somebody())];
    expect(Object.fromEntries(one.sent)).toEqual({
      client_id: CLIENT_ID,
      response_type: 'code',
      redirect_uri: 'https://chat.example.com/v1/auth/oidc/callback',
      scope: 'openid email profile',
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(one.sent.get(name)).not.toBe(two.sent.get(name));
    expect(Buffer.from(one.sealedFlow, 'base64url').toString('latin1')).not.toContain(one.sent.get('state'));
    expect(provider.discoveries).toBe(1);
  });

  it('signs up somebody new with a confirmed e-mail, and knows them by their subject ever after', async () => {
    const person = somebody();
    const first = await signIn(person);
    expect(first.account).toMatchObject({ email: person.email, name: 'Ada' });
    sign.up = false;
    const later = await signIn({ sub: person.sub, email: 'moved@example.com', email_verified: false });
    expect(later.account).toEqual(first.account);
    expect(await app.get(Sessions).isAlive(later.user)).toBe(true);
    const stored = JSON.stringify(await test.inspect('select * from user_identities'));
    expect(stored).not.toContain(person.sub);
    const trail = (await auditTrailOf(test, { actorId: first.account.id })).map(({ action }) => action);
    expect(trail).toEqual(['user.registered', 'identity.linked', 'session.started', 'session.started']);
    expect(provider.exchanges.at(-1)?.get('code_verifier')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ['another audience', { aud: 'somebody-else' }],
    ['several audiences and another authorised party', { aud: [CLIENT_ID, 'other'], azp: 'other' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another nonce', { nonce: 'x'.repeat(43) }],
    ['no nonce', { nonce: undefined }],
    ['an end that has passed', { exp: Math.floor(Date.now() / 1000) - 3600 }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
  ])('refuses an ID token with %s', async (_name, changed) => {
    const { answer, sealedFlow } = await depart(somebody());
    const good = provider.claims;
    provider.claims = (claims) => ({ ...good(claims), ...changed });
    await expect(app.get(OidcSignIn).arrive(answer, sealedFlow, client)).rejects.toMatchObject(failed);
  });

  it.each([
    [
      'signed by another key',
      () => (provider.signWith = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ],
    ['that says it needs no signature', () => (provider.header = { alg: 'none' })],
    ['that says it is signed with a shared secret', () => (provider.header = { alg: 'HS256' })],
    ['with a key that the provider does not have', () => (provider.header = { kid: 'other' })],
  ])('refuses an ID token %s', async (_name, change) => {
    const { answer, sealedFlow } = await depart(somebody());
    change();
    await expect(app.get(OidcSignIn).arrive(answer, sealedFlow, client)).rejects.toMatchObject(failed);
  });

  it.each([
    ['another state', (answer: URLSearchParams) => answer.set('state', 'x'.repeat(43))],
    ['no state', (answer: URLSearchParams) => answer.delete('state')],
    ['two states', (answer: URLSearchParams) => answer.append('state', 'x')],
    ['no code', (answer: URLSearchParams) => answer.delete('code')],
    ["the provider's refusal", (answer: URLSearchParams) => answer.set('error', 'access_denied')],
    ['another issuer', (answer: URLSearchParams) => answer.set('iss', 'https://evil.example')],
  ])('refuses an answer with %s, and records it', async (_name, change) => {
    const { answer, sealedFlow } = await depart(somebody());
    change(answer);
    await expect(app.get(OidcSignIn).arrive(answer, sealedFlow, client)).rejects.toMatchObject(failed);
    const [last] = await test.inspect('select action, data from audit_events order by id desc limit 1');
    expect(last).toMatchObject({
      action: 'identity.sign-in-failed',
      data: { reason: 'auth.oidc-failed', purpose: 'sign-in' },
    });
  });

  it('refuses an answer without the cookie, with a cookie of another round trip, and with one that is not ours', async () => {
    const [mine, theirs] = [await depart(somebody()), await depart(somebody())];
    for (const cookie of [null, '', 'x', theirs.sealedFlow, `${mine.sealedFlow}x`, mine.sealedFlow.slice(0, -8)]) {
      await expect(app.get(OidcSignIn).arrive(mine.answer, cookie, client)).rejects.toMatchObject(failed);
    }
    const late = await depart(somebody());
    clock.addedMs = 600_000;
    await expect(app.get(OidcSignIn).arrive(late.answer, late.sealedFlow, client)).rejects.toMatchObject(failed);
  });

  it.each([
    ['an e-mail address the provider did not confirm', (): Person => ({ ...somebody(), email_verified: false })],
    ['an address that is confirmed in other words', (): Person => ({ ...somebody(), email_verified: 'true' })],
    ['no e-mail address', (): Person => ({ sub: newId() })],
    ['an e-mail address that is none', (): Person => ({ ...somebody(), email: 'not an address' })],
  ])('makes no account for %s', async (_name, person) => {
    await expect(roundTrip(person())).rejects.toMatchObject({ code: 'auth.oidc-no-account' });
  });

  it('makes no account where sign-up is off, and never takes over one that has the e-mail address', async () => {
    const person = somebody();
    sign.up = false;
    await expect(roundTrip(person)).rejects.toMatchObject({ code: 'auth.oidc-no-account' });
    sign.up = true;
    const anna = await withPassword(person.email ?? '');
    await expect(roundTrip(person)).rejects.toMatchObject({ code: 'auth.oidc-no-account' });
    expect(await app.get(Identities).list(anna)).toEqual([]);
  });

  it('links a sign-in to somebody who is signed in and asks for it, once and to nobody else', async () => {
    const person = somebody();
    const [anna, ben] = [await withPassword(person.email ?? ''), await withPassword(`${newId()}@example.com`)];
    const linkFor = ({ userId, sessionId }: UserContext) => roundTrip(person, { kind: 'link', userId, sessionId });
    expect(await linkFor(anna)).toBe('linked');
    expect(await linkFor(anna)).toBe('linked');
    expect((await signIn(person)).account.id).toBe(anna.userId);
    await expect(linkFor(ben)).rejects.toMatchObject({ code: 'identity.taken' });
    const [identity] = await app.get(Identities).list(anna);
    expect(identity).toMatchObject({ issuer: provider.issuer });
    const identities = app.get(Identities);
    await expect(identities.unlink(ben, identity?.id ?? '')).rejects.toMatchObject({ code: 'identity.not-found' });
    await identities.unlink(anna, identity?.id ?? '');
    await expect(roundTrip(person)).rejects.toMatchObject({ code: 'auth.oidc-no-account' });
  });

  it('links nothing to a session that ended meanwhile', async () => {
    const anna = await withPassword(`${newId()}@example.com`);
    const { userId, sessionId } = anna;
    const { answer, sealedFlow } = await depart(somebody(), { kind: 'link', userId, sessionId });
    await app.get(Sessions).end(anna);
    await expect(app.get(OidcSignIn).arrive(answer, sealedFlow, client)).rejects.toMatchObject(failed);
    expect(await app.get(Identities).list(anna)).toEqual([]);
  });

  it('leaves the last way to sign in', async () => {
    const { user } = await signIn(somebody());
    const [identity] = await app.get(Identities).list(user);
    await expect(app.get(Identities).unlink(user, identity?.id ?? '')).rejects.toMatchObject({
      code: 'identity.last',
    });
  });

  it('asks for the second factor of who has one', async () => {
    const { user, account } = await signIn(somebody());
    const person = { sub: newId(), email: account.email };
    await roundTrip(person, { kind: 'link', ...user });
    const { secret } = await app.get(SecondFactors).enrol(user);
    const { generate } = await import('otplib');
    await app.get(SecondFactors).enable(user, await generate({ secret, epoch: clock.now().getTime() / 1000 }));
    expect(await roundTrip(person)).toMatchObject({ secondFactor: { challenge: expect.any(String) } });
  });

  it('is a fresh proof of who somebody is only if the provider says when it asked them', async () => {
    const isFresh = ({ user }: { user: UserContext }) => app.get(SessionConfirmations).isFresh(user);
    const now = () => Math.floor(Date.now() / 1000);
    expect(await isFresh(await signIn(somebody()))).toBe(false);
    expect(await isFresh(await signIn({ ...somebody(), auth_time: now() - 3600 }))).toBe(false);
    expect(await isFresh(await signIn({ ...somebody(), auth_time: now() - 5 }))).toBe(true);
    const ahead = await signIn({ ...somebody(), auth_time: now() + 3600 });
    clock.addedMs = 600_000;
    expect(await isFresh(ahead)).toBe(false);
  });

  it('refuses who was not asked again although that was demanded', async () => {
    const again: OidcPurpose = { kind: 'sign-in', isFresh: true };
    const { sent } = await depart(somebody(), again);
    expect([sent.get('prompt'), sent.get('max_age')]).toEqual(['login', '0']);
    await expect(roundTrip(somebody(), again)).rejects.toMatchObject(failed);
    const now = Math.floor(Date.now() / 1000);
    await expect(roundTrip({ ...somebody(), auth_time: now - 3600 }, again)).rejects.toMatchObject(failed);
    await expect(roundTrip({ ...somebody(), auth_time: now }, again)).resolves.toBeDefined();
  });

  it('says so when the provider is out of order, and when there is none', async () => {
    const { answer, sealedFlow } = await depart(somebody());
    provider.status = 503;
    const unavailable = { code: 'auth.oidc-unavailable' };
    await expect(app.get(OidcSignIn).arrive(answer, sealedFlow, client)).rejects.toMatchObject(unavailable);
    const gone = await HandmadeProvider.start(CLIENT_ID);
    const settings = { ...app.get(OidcSettings).mustHaveProvider(), issuer: gone.issuer };
    await gone.stop();
    const { tokens, secrets } = settingsForTests();
    for (const [oidc, code] of [
      [settings, 'auth.oidc-unavailable'],
      [null, 'auth.oidc-not-configured'],
    ] as const) {
      const auth = AuthModule.forRoot({ tokens, secrets, oidc, publicUrl: 'https://chat.example.com' });
      const other = await Test.createTestingModule({ imports: [PlatformForTests.over(test, clock), auth] }).compile();
      await expect(other.get(OidcSignIn).depart(SIGN_IN)).rejects.toMatchObject({ code });
      const arriving = other.get(OidcSignIn).arrive(answer, null, client);
      await expect(arriving).rejects.toMatchObject({ code: oidc ? 'auth.oidc-failed' : code });
      await other.close();
    }
  });
});
