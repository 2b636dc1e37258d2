import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { deriveKey } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { JwtService } from '@nestjs/jwt';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';

import { forgeJwt } from '../testing/forge-jwt';
import { settingsForTests } from '../testing/settings-for-tests';
import { AccessTokenKey } from './access-token-key';
import { AccessTokens } from './access-tokens';
import { JwtStrategy } from './jwt.strategy';
import { PassportAuthenticator } from './passport-authenticator';

const settings = settingsForTests();
const key = new AccessTokenKey(settings.secrets.jwtSecret);
const subject = { userId: newId(), sessionId: newId() };

function authentication({ isAlive = true } = {}) {
  const clock = new FakeClock();
  const tokens = new AccessTokens(new JwtService({ secret: key.key }), key, settings, clock);
  const sessions = { isAlive: async () => isAlive };
  const authenticator = new PassportAuthenticator(
    new JwtStrategy(tokens, sessions, key, settings),
    {
      keyIn: () => null,
      authenticate: () => Promise.reject(new Error('no API key here')),
    },
    { isFresh: async () => false },
  );
  const authenticate = (...authorization: string[]) => {
    const rawHeaders = authorization.flatMap((value) => ['Authorization', value]);
    const request = { headers: { authorization: authorization[0] }, raw: { rawHeaders } };
    return authenticator.authenticate(new ExecutionContextHost([request, {}]));
  };
  return { clock, tokens, authenticate, issued: tokens.issue(subject) };
}

const nowSeconds = (): number => new FakeClock().now().getTime() / 1000;
const goodClaims = () => ({
  typ: 'access',
  sub: subject.userId,
  sid: subject.sessionId,
  jti: newId(),
  iat: nowSeconds(),
  exp: nowSeconds() + 900,
  aud: 'customercare-api',
  iss: settings.tokens.issuer,
});
type Claims = ReturnType<typeof goodClaims>;
const without = (name: keyof Claims): Partial<Claims> => {
  const { [name]: _removed, ...rest } = goodClaims();
  return rest;
};
const signed = (claims: unknown, header: Record<string, unknown> = {}): string =>
  forgeJwt({ ...key.header, ...header }, claims, key.key);
const issued = (): string => authentication().issued.accessToken;
const parts = (token: string): [string, string, string] => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
};
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const resealed = (header: unknown): string => `${base64url(header)}.${parts(issued())[1]}.${parts(issued())[2]}`;

const attackerPublicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

/** How each token of the attack list is made here, by the list's names. Keys are never known to the attacker but where said. */
const ATTACKS: Record<string, () => string> = {
  'alg-none': () => `${base64url({ ...key.header, alg: 'none' })}.${base64url(goodClaims())}.`,
  'alg-None': () => `${base64url({ ...key.header, alg: 'None' })}.${base64url(goodClaims())}.`,
  'alg-none-keepsig': () => resealed({ ...key.header, alg: 'none' }),
  'two-parts': () => parts(issued()).slice(0, 2).join('.'),
  'hs256-with-rsa-pub': () =>
    forgeJwt({ ...key.header }, goodClaims(), attackerPublicKey.export({ type: 'spki', format: 'pem' })),
  'hs256-with-jwk-json': () => forgeJwt({ ...key.header }, goodClaims(), JSON.stringify({ keys: [key.header] })),
  'alg-hs512': () => signed(goodClaims(), { alg: 'HS512' }),
  'kid-path': () => forgeJwt({ ...key.header, kid: '../../../../dev/null' }, goodClaims(), ''),
  'jwk-embedded': () => signed(goodClaims(), { jwk: attackerPublicKey.export({ format: 'jwk' }) }),
  x5u: () => signed(goodClaims(), { x5u: 'http://127.0.0.1:9/c' }),
  x5c: () => signed(goodClaims(), { x5c: ['MIIB'] }),
  crit: () => signed(goodClaims(), { crit: ['exp'] }),
  'b64-false': () => signed(goodClaims(), { b64: false, crit: ['b64'] }),
  zip: () => signed(goodClaims(), { zip: 'DEF' }),
  'typ-refresh-as-access': () => signed({ ...goodClaims(), typ: 'refresh' }),
  'typ-visitor-as-user': () =>
    forgeJwt(
      { ...key.header },
      { ...goodClaims(), typ: 'visitor' },
      deriveKey(settings.secrets.jwtSecret, 'visitor-tokens'),
    ),
  'aud-missing': () => signed(without('aud')),
  'aud-wrong': () => signed({ ...goodClaims(), aud: 'another-service' }),
  'iss-missing': () => signed(without('iss')),
  'exp-missing': () => signed(without('exp')),
  'exp-past': () => signed({ ...goodClaims(), iat: nowSeconds() - 900, exp: nowSeconds() }),
  'exp-huge': () => signed({ ...goodClaims(), exp: 1e308 }),
  'sub-other': () => {
    const [header, , signature] = parts(issued());
    return `${header}.${base64url({ ...goodClaims(), sub: newId() })}.${signature}`;
  },
  'sub-missing': () => signed(without('sub')),
  'sub-object': () => signed({ ...goodClaims(), sub: { $ne: 1 } }),
  'dup-claims': () => {
    const claims = JSON.stringify(goodClaims()).replace('{', `{"sub":"${newId()}",`);
    return forgeJwt({ ...key.header }, claims, randomBytes(32));
  },
  'b64-std': () => {
    const [header, claims, signature] = parts(issued());
    return `${header}.${claims}.${Buffer.from(signature, 'base64url').toString('base64')}`;
  },
  'unicode-alg': () => signed(goodClaims(), { alg: 'HS256\u2028' }),
  'huge-token': () => signed({ ...goodClaims(), filler: 'x'.repeat(100_000) }),
};

/** The others of the list are tried elsewhere: in this file by hand, or over HTTP in auth.int-spec.ts. */
const TRIED_ELSEWHERE = ['typ-access-as-refresh', 'jti-revoked', 'dup-header-auth', 'basic-scheme', 'lowercase-bearer'];

const ATTACK_LIST = join(__dirname, '../../../../../shared/data/attack/own/jwt-attacks.json');

describe('A05 access tokens', () => {
  const tokenInvalid = expect.objectContaining({ code: 'auth.token-invalid' });

  it('carries iss, aud, typ, sub, sid, jti, iat and exp 900 seconds later, under HS256 and a key id', () => {
    const [header, claims] = parts(issued()).map((part): unknown => {
      try {
        return JSON.parse(Buffer.from(part, 'base64url').toString());
      } catch {
        return null;
      }
    });
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{8}$/) });
    expect(claims).toEqual({ ...goodClaims(), jti: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('is accepted until its last second and refused from the next on', async () => {
    const { clock, authenticate, issued: token } = authentication();
    await expect(authenticate(`Bearer ${token.accessToken}`)).resolves.toEqual(subject);
    clock.advance(899);
    await expect(authenticate(`Bearer ${token.accessToken}`)).resolves.toEqual(subject);
    clock.advance(1);
    expect(clock.now()).toEqual(token.expiresAt);
    await expect(authenticate(`Bearer ${token.accessToken}`)).rejects.toEqual(tokenInvalid);
  });

  it('accepts the scheme in any case, as RFC 9110 11.1 says', async () => {
    await expect(authentication().authenticate(`bearer ${issued()}`)).resolves.toEqual(subject);
  });

  it('accepts a token made by hand with the right key, so that the refusals below mean something', async () => {
    await expect(authentication().authenticate(`Bearer ${signed(goodClaims())}`)).resolves.toEqual(subject);
  });

  it('asks to sign in when there is no Authorization header', async () => {
    await expect(authentication().authenticate()).rejects.toMatchObject({ code: 'auth.required' });
  });

  it('refuses a token whose session is not alive', async () => {
    const { authenticate, issued: token } = authentication({ isAlive: false });
    await expect(authenticate(`Bearer ${token.accessToken}`)).rejects.toEqual(tokenInvalid);
  });

  it('refuses two Authorization headers', async () => {
    const header = `Bearer ${issued()}`;
    await expect(authentication().authenticate(header, header)).rejects.toEqual(tokenInvalid);
  });

  it.each(['Basic', 'JWT', 'Token', ''])('refuses the scheme "%s"', async (scheme) => {
    await expect(authentication().authenticate(`${scheme} ${issued()}`)).rejects.toEqual(tokenInvalid);
  });

  it.each(Object.entries(ATTACKS))('refuses the attack %s', async (_, forge) => {
    await expect(authentication().authenticate(`Bearer ${forge()}`)).rejects.toEqual(tokenInvalid);
  });

  it.each([
    ['another key', () => forgeJwt({ ...key.header }, goodClaims(), randomBytes(32))],
    [
      'the raw JWT_SECRET instead of the key derived from it',
      () => forgeJwt({ ...key.header }, goodClaims(), settings.secrets.jwtSecret),
    ],
    ['an empty key', () => forgeJwt({ ...key.header }, goodClaims(), createSecretKey(Buffer.alloc(0)))],
    ['another issuer', () => signed({ ...goodClaims(), iss: 'http://elsewhere' })],
    ['no session id', () => signed(without('sid'))],
    ['no token id', () => signed(without('jti'))],
    ['no type', () => signed(without('typ'))],
    ['a life longer than is ever granted', () => signed({ ...goodClaims(), exp: nowSeconds() + 901 })],
    ['claims that are a list', () => signed([goodClaims()])],
    ['claims that are no JSON', () => signed('not json')],
    ['no key id', () => forgeJwt({ alg: 'HS256', typ: 'JWT' }, goodClaims(), key.key)],
    ['a signature cut short', () => issued().slice(0, -1)],
    ['no signature', () => `${parts(issued()).slice(0, 2).join('.')}.`],
    ['dots alone', () => '..'],
  ])('refuses a token with %s', async (_, forge) => {
    await expect(authentication().authenticate(`Bearer ${forge()}`)).rejects.toEqual(tokenInvalid);
  });

  it('refuses a change of any single character', async () => {
    const { authenticate, issued: token } = authentication();
    const { accessToken } = token;
    for (let index = 0; index < accessToken.length; index += 1) {
      const other = accessToken[index] === 'b' ? 'c' : 'b';
      const changed = accessToken.slice(0, index) + other + accessToken.slice(index + 1);
      await expect(authenticate(`Bearer ${changed}`)).rejects.toBeInstanceOf(AppError);
    }
  });

  const listed = existsSync(ATTACK_LIST) ? it : it.skip;
  listed('tries every attack of shared/data/attack/own/jwt-attacks.json (skipped when absent)', () => {
    const list: { name: string }[] = JSON.parse(readFileSync(ATTACK_LIST, 'utf8'));
    expect(list.length).toBeGreaterThan(0);
    const tried = [...Object.keys(ATTACKS), ...TRIED_ELSEWHERE];
    expect(list.map(({ name }) => name).filter((name) => !tried.includes(name))).toEqual([]);
  });

  it('keeps two applications in one process apart', async () => {
    const first = authentication();
    const second = authentication({ isAlive: false });
    const header = `Bearer ${first.issued.accessToken}`;
    await expect(second.authenticate(header)).rejects.toEqual(tokenInvalid);
    await expect(first.authenticate(header)).resolves.toEqual(subject);
  });
});
