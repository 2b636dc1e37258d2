import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TokenSigning } from '@app/config';
import { deriveKey } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { JwtService } from '@nestjs/jwt';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';

import { AuthSettings } from '../auth-settings';
import { forgeJwt } from '../testing/forge-jwt';
import { type AttackTarget, jwtAttacks, signByHand } from '../testing/jwt-attacks';
import { settingsForTests } from '../testing/settings-for-tests';
import { AccessTokenKeys } from './access-token-keys';
import { AccessTokens, type TokenSubject } from './access-tokens';
import { BearerAuthenticator } from './bearer-authenticator';
import { BearerTokens } from './bearer-tokens';
import { CookieCallers } from './cookie-callers';
import { CsrfTokens } from './csrf-tokens';
import { JwtStrategy } from './jwt.strategy';
import { OwnPages } from './own-pages';
import { RefreshTokens } from './refresh-tokens';

const subject = { userId: newId(), sessionId: newId() };
const { tokens: defaults, secrets } = settingsForTests();

const SIGNINGS: Record<TokenSigning['alg'], TokenSigning> = {
  HS256: { alg: 'HS256' },
  RS256: {
    alg: 'RS256',
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    previousKeys: [],
  },
};
const ALGORITHMS = Object.values(SIGNINGS).map(({ alg }) => alg);

function authentication(signing: TokenSigning = SIGNINGS.HS256) {
  const settings = new AuthSettings({ ...defaults, signing }, secrets);
  const clock = new FakeClock();
  const keys = new AccessTokenKeys(settings);
  const tokens = new AccessTokens(new JwtService({}), keys, settings, clock);
  const isAlive = async ({ sessionId }: TokenSubject) => sessionId === subject.sessionId;
  const ownPages = new OwnPages(settings, new RefreshTokens(settings), new CsrfTokens(settings));
  const nobody = () => Promise.reject(new Error('nobody asks for this here'));
  const authenticator = new BearerAuthenticator(
    new BearerTokens(new JwtStrategy(tokens, { isAlive }, keys, settings)),
    { keyIn: () => null, authenticate: nobody },
    new CookieCallers(new Reflector(), ownPages, { ownerOf: nobody }),
    { isFresh: async () => false },
  );
  const authenticate = (...authorization: string[]) => {
    const rawHeaders = authorization.flatMap((value) => ['Authorization', value]);
    const request = { headers: { authorization: authorization[0] }, raw: { rawHeaders } };
    return authenticator.authenticate(new ExecutionContextHost([request, {}], undefined, authenticate));
  };
  return { clock, keys, settings, tokens, authenticate };
}

const partOf = (token: string, index: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

/** Everything somebody could have who attacks this installation. */
async function targetOf({ keys, settings, tokens }: ReturnType<typeof authentication>): Promise<AttackTarget> {
  const { accessToken } = await tokens.issue(subject);
  const claims = partOf(accessToken, 1);
  const isSecret = keys.signingKey.type === 'secret';
  return {
    key: keys.signingKey,
    header: { ...keys.header },
    claims,
    token: accessToken,
    revokedToken: (await tokens.issue({ ...subject, sessionId: newId() })).accessToken,
    refreshToken: new RefreshTokens(settings).first(subject.sessionId).text,
    visitorToken: forgeJwt({ alg: 'HS256' }, claims, deriveKey(secrets.jwtSecret, 'visitor-tokens')),
    publicPem: isSecret ? null : createPublicKey(keys.signingKey).export({ type: 'spki', format: 'pem' }).toString(),
    keySet: JSON.stringify({ keys: keys.publicKeys }),
    canaryUrl: 'http://127.0.0.1:9',
  };
}

const ATTACK_LIST = join(__dirname, '../../../../../shared/data/attack/own/jwt-attacks.json');
/** Known before any target is: which attacks there are does not depend on it. */
const attackNames = Object.keys(jwtAttacks({} as AttackTarget)); // nothing of it is read for the names

describe.each(ALGORITHMS)('A05 B09 B39 B40 access tokens signed with %s', (alg) => {
  const signing = SIGNINGS[alg];
  const tokenInvalid = expect.objectContaining({ code: 'auth.token-invalid' });

  it('T01 carry iss, aud, typ, sub, sid, jti, iat and exp 900 seconds later, and a key id', async () => {
    const { tokens, clock, settings } = authentication(signing);
    const { accessToken } = await tokens.issue(subject);
    const now = clock.now().getTime() / 1000;
    expect(partOf(accessToken, 0)).toEqual({ alg, typ: 'JWT', kid: expect.stringMatching(/^[\w-]{8,43}$/) });
    expect(partOf(accessToken, 1)).toEqual({
      typ: 'access',
      sub: subject.userId,
      sid: subject.sessionId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: now,
      exp: now + 900,
      aud: 'customercare-api',
      iss: settings.tokens.issuer,
    });
  });

  it('T02 are accepted until their last second, and expired from the next on, with a code of its own', async () => {
    const { clock, tokens, authenticate } = authentication(signing);
    const { accessToken, expiresAt } = await tokens.issue(subject);
    await expect(authenticate(`Bearer ${accessToken}`)).resolves.toEqual(subject);
    clock.advance(899);
    await expect(authenticate(`Bearer ${accessToken}`)).resolves.toEqual(subject);
    clock.advance(1);
    expect(clock.now()).toEqual(expiresAt);
    await expect(authenticate(`Bearer ${accessToken}`)).rejects.toMatchObject({ code: 'auth.token-expired' });
  });

  it('are accepted from a node whose clock runs up to 30 seconds ahead, and no further', async () => {
    const { keys, tokens, authenticate } = authentication(signing);
    const claims = partOf((await tokens.issue(subject)).accessToken, 1) as { iat: number; exp: number };
    const ahead = (seconds: number): string =>
      signByHand(
        keys.signingKey,
        { ...keys.header },
        { ...claims, iat: claims.iat + seconds, exp: claims.exp + seconds },
      );
    await expect(authenticate(`Bearer ${ahead(30)}`)).resolves.toEqual(subject);
    await expect(authenticate(`Bearer ${ahead(31)}`)).rejects.toEqual(tokenInvalid);
  });

  it.each(attackNames)('T11 refuses the attack %s', async (name) => {
    const app = authentication(signing);
    const target = await targetOf(app);
    // So that every refusal means something: the same hand makes a good token.
    const byHand = signByHand(target.key, { ...target.header }, target.claims);
    await expect(app.authenticate(`Bearer ${byHand}`)).resolves.toEqual(subject);
    const attack = jwtAttacks(target)[name]?.();
    if (!attack || 'refreshToken' in attack) {
      expect(new RefreshTokens(app.settings).read(target.token)).toBeNull();
      return;
    }
    await expect(app.authenticate(...attack.authorization)).rejects.toMatchObject({
      code: expect.stringMatching(/^auth\.token-(invalid|expired)$/),
    });
  });

  it('refuse a change of any single character', async () => {
    const { authenticate, tokens } = authentication(signing);
    const { accessToken } = await tokens.issue(subject);
    for (let index = 0; index < accessToken.length; index += 1) {
      const other = accessToken[index] === 'b' ? 'c' : 'b';
      const changed = accessToken.slice(0, index) + other + accessToken.slice(index + 1);
      await expect(authenticate(`Bearer ${changed}`)).rejects.toBeInstanceOf(AppError);
    }
  });

  it('refuse tokens of an installation with another algorithm', async () => {
    for (const other of ALGORITHMS.filter((name) => name !== alg)) {
      const { accessToken } = await authentication(SIGNINGS[other]).tokens.issue(subject);
      await expect(authentication(signing).authenticate(`Bearer ${accessToken}`)).rejects.toEqual(tokenInvalid);
    }
  });
});

describe('B09 changing the key of access tokens', () => {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  const withKeys = (own: ReturnType<typeof pair>, ...previous: ReturnType<typeof pair>[]): TokenSigning => ({
    alg: 'RS256',
    privateKey: own.privateKey,
    previousKeys: previous.map(({ publicKey }) => publicKey),
  });

  it('lets tokens of the previous key live while its public half is listed, and no longer', async () => {
    const [old, next] = [pair(), pair()];
    const { accessToken } = await authentication(withKeys(old)).tokens.issue(subject);
    const during = authentication(withKeys(next, old));
    await expect(during.authenticate(`Bearer ${accessToken}`)).resolves.toEqual(subject);
    const issuedNow = partOf((await during.tokens.issue(subject)).accessToken, 0);
    expect(issuedNow['kid']).toBe(during.keys.publicKeys[0]?.kid);
    await expect(authentication(withKeys(next)).authenticate(`Bearer ${accessToken}`)).rejects.toMatchObject({
      code: 'auth.token-invalid',
    });
  });

  it('shows the public halves alone, each under the id that RFC 7638 gives it', () => {
    const [old, next] = [pair(), pair()];
    const { publicKeys } = authentication(withKeys(next, old)).keys;
    expect(publicKeys.map(({ n }) => n)).toEqual(
      [next, old].map(({ publicKey }) => publicKey.export({ format: 'jwk' }).n),
    );
    for (const key of publicKeys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(authentication().keys.publicKeys).toEqual([]);
  });
});

describe('authenticating', () => {
  it('B38 asks to sign in when there is no Authorization header', async () => {
    await expect(authentication().authenticate()).rejects.toMatchObject({ code: 'auth.required' });
  });

  const listed = existsSync(ATTACK_LIST) ? it : it.skip;
  listed('T11 tries every attack of shared/data/attack/own/jwt-attacks.json (skipped when absent)', () => {
    const list: { name: string }[] = JSON.parse(readFileSync(ATTACK_LIST, 'utf8'));
    expect(list.length).toBeGreaterThan(0);
    expect(list.map(({ name }) => name).filter((name) => !attackNames.includes(name))).toEqual([]);
  });

  it('keeps two applications in one process apart', async () => {
    const [first, second] = [authentication(), authentication(SIGNINGS.RS256)];
    const header = `Bearer ${(await first.tokens.issue(subject)).accessToken}`;
    await expect(second.authenticate(header)).rejects.toMatchObject({ code: 'auth.token-invalid' });
    await expect(first.authenticate(header)).resolves.toEqual(subject);
  });
});
