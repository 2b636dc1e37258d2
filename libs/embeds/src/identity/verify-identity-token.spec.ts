import { createHmac, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';
import { newId } from '@app/kernel';
import { verifyIdentityToken } from './verify-identity-token';

type Json = Record<string, unknown>;

const EMBED = newId();
const NOW = 1_767_225_600;
const OLD = `cc_ids_${randomBytes(32).toString('base64url')}`;
const NEW = `cc_ids_${randomBytes(32).toString('base64url')}`;

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const signed = (header: Json, payload: unknown, secret: string | Buffer = NEW, hash = 'sha256'): string => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
};
const HS256 = { alg: 'HS256', typ: 'JWT' };
const good = { sub: 'user-1', aud: EMBED, jti: 'once', iat: NOW, exp: NOW + 600 };
const check = (token: string, { nowSeconds = NOW, secrets = [NEW, OLD] } = {}) =>
  verifyIdentityToken({ token, secrets, embedId: EMBED, nowSeconds });
const changed = (change: Json): string => signed(HS256, { ...good, ...change });

describe('verifyIdentityToken', () => {
  it.each([NEW, OLD])('takes a token signed with either of the two secrets', (secret) => {
    expect(check(signed(HS256, { ...good, name: 'Ada', email: 'ada@example.com' }, secret))).toEqual({
      externalId: 'user-1',
      tokenId: 'once',
      issuedAt: NOW,
      expiresAt: NOW + 600,
      name: 'Ada',
      email: 'ada@example.com',
    });
  });

  it('takes it from half a minute before it was made to half a minute after its end', () => {
    const token = signed(HS256, good);
    const isGood = (nowSeconds: number) => typeof check(token, { nowSeconds }) !== 'string';
    expect([NOW - 31, NOW - 30, NOW + 629, NOW + 630].map(isGood)).toEqual([false, true, true, false]);
  });

  it('needs a secret', () => expect(check(signed(HS256, good), { secrets: [] })).toMatch(/no identity secret/));

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = `${encode({ alg: 'RS256' })}.${encode(good)}`;
  it.each([
    ['no signature', `${encode({ alg: 'none' })}.${encode(good)}.`],
    ['alg none, signed all the same', signed({ alg: 'none' }, good)],
    ['another algorithm of the family', signed({ alg: 'HS512' }, good, NEW, 'sha512')],
    ['HS256 that is SHA-512', signed(HS256, good, NEW, 'sha512')],
    ['an RSA signature', `${text}.${signWith('sha256', Buffer.from(text), privateKey).toString('base64url')}`],
    ['a secret of somebody else', signed(HS256, good, `cc_ids_${'A'.repeat(43)}`)],
    ['the secret without its prefix', signed(HS256, good, NEW.slice(7))],
    ['the decoded secret', signed(HS256, good, Buffer.from(NEW.slice(7), 'base64url'))],
    ['an empty secret', signed(HS256, good, '')],
    ['a changed payload', signed(HS256, good).replace(encode(good), encode({ ...good, sub: 'admin' }))],
    ['a key in the header', signed({ ...HS256, jwk: { kty: 'oct', k: 'QQ' } }, good, Buffer.from('A'))],
    ['two parts', signed(HS256, good).split('.').slice(0, 2).join('.')],
    ['no token', 'x'],
  ])('B38 refuses %s', (_name, token) => expect(check(token)).toMatch(/signature/));

  it.each<[string, Json]>([
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is a number', { sub: 7 }],
    ['a subject with a control character', { sub: 'a\u0000b' }],
    ['a subject that is half a character', { sub: '\ud800' }],
    ['a long subject', { sub: 'x'.repeat(256) }],
    ['no id of its own', { jti: undefined }],
    ['a long id of its own', { jti: 'x'.repeat(129) }],
    ['no audience', { aud: undefined }],
    ['another embed', { aud: newId() }],
    ['an audience in the form of visitor tokens', { aud: `embed:${EMBED}` }],
    ['a list of audiences', { aud: [EMBED] }],
    ['no beginning', { iat: undefined }],
    ['no end', { exp: undefined }],
    ['an end before its beginning', { iat: NOW + 20, exp: NOW + 10 }],
    ['a life of more than ten minutes', { exp: NOW + 601 }],
    ['a life that began long ago', { iat: NOW - 601, exp: NOW }],
    ['a beginning in the future', { iat: NOW + 31, exp: NOW + 60 }],
    ['a beginning of validity in the future', { nbf: NOW + 31 }],
    ['half seconds', { iat: NOW + 0.5 }],
    ['a name that is an object', { name: {} }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['an e-mail address that is none', { email: 'ada' }],
    ['a long e-mail address', { email: `${'x'.repeat(250)}@example.com` }],
  ])('refuses %s and says so', (_name, change) => {
    const fault = check(changed(change));
    expect(typeof fault).toBe('string');
    expect(fault).not.toMatch(/signature/);
  });

  it('refuses extensions it does not know', () => {
    expect(check(signed({ ...HS256, crit: ['exp'] }, good))).toMatch(/critical/);
  });

  it.each([[null], ['text'], [[]]])('refuses %p for a payload', (payload) => {
    expect(typeof check(signed(HS256, payload))).toBe('string');
  });
});
