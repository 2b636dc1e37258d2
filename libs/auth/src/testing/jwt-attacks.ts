import { constants, createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';

import { newId } from '@app/kernel';

type Json = Record<string, unknown>;

/** An installation as somebody attacks it who holds one good token, and for some attacks even its key. */
export interface AttackTarget {
  readonly key: KeyObject;
  /** Of a good token. */
  readonly header: Json;
  readonly claims: Json;
  /** A good token of a living session. */
  readonly token: string;
  /** A good token of a session that was ended. */
  readonly revokedToken: string;
  readonly refreshToken: string;
  readonly visitorToken: string;
  /** The public key as the world knows it; null with HS256. */
  readonly publicPem: string | null;
  /** What the installation publishes at /.well-known/jwks.json. */
  readonly keySet: string;
  /** Where a server that fetches keys on demand would be caught. */
  readonly canaryUrl: string;
}

/** What is sent: Authorization headers, or a refresh token to the refresh route. */
export type Attack = { readonly authorization: readonly string[] } | { readonly refreshToken: string };

const encode = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

const HASHES: Record<string, string> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

function signatureOf(signed: string, alg: string, key: KeyObject): string {
  const hash = HASHES[/\d{3}/.exec(alg)?.[0] ?? ''] ?? 'sha256';
  if (key.type === 'secret') return createHmac(hash, key).update(signed).digest('base64url');
  const isRsa = key.asymmetricKeyType === 'rsa';
  const input = Buffer.from(signed);
  const padded = { key, padding: constants.RSA_PKCS1_PADDING };
  return (isRsa ? sign(hash, input, padded) : sign(null, input, key)).toString('base64url');
}

/** A token made by hand with the installation's own key: any header, any claims, objects or raw JSON text. */
export function signByHand(key: KeyObject, header: Json, claims: unknown): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, String(header['alg']), key)}`;
}

const hmacByHand = (header: Json, claims: unknown, secret: string | Buffer, hash = 'sha256'): string => {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
};

/** The attacks that need no more than a good token and a way to send another one. */
function withoutTheKey(target: AttackTarget): Record<string, () => string> {
  const { header, claims, token = '', publicPem, keySet } = target;
  const [headerPart = '', claimsPart = '', signature = ''] = token.split('.');
  const resealed = (other: Json): string => `${encode(other)}.${claimsPart}.${signature}`;
  const secret = publicPem ?? keySet;
  return {
    'alg-none': () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
    'alg-None': () => `${encode({ ...header, alg: 'None' })}.${encode(claims)}.`,
    'alg-none-keepsig': () => resealed({ ...header, alg: 'none' }),
    'two-parts': () => `${headerPart}.${claimsPart}`,
    'hs256-with-rsa-pub': () => hmacByHand({ ...header, alg: 'HS256' }, claims, secret),
    'hs256-with-rsa-pub, no newline': () => hmacByHand({ ...header, alg: 'HS256' }, claims, secret.trim()),
    'hs256-with-rsa-pub, header kept': () => hmacByHand(header, claims, secret),
    'hs256-with-jwk-json': () => hmacByHand({ ...header, alg: 'HS256' }, claims, keySet),
    'kid-path': () => hmacByHand({ ...header, alg: 'HS256', kid: '../../../../dev/null' }, claims, ''),
    'sub-other': () => `${headerPart}.${encode({ ...claims, sub: newId() })}.${signature}`,
    'dup-claims': () => {
      const doubled = JSON.stringify(claims).replace('{', `{"sub":"${newId()}",`);
      return `${headerPart}.${encode(doubled)}.${signature}`;
    },
    'b64-std': () => {
      const standard = Buffer.from(signature, 'base64url').toString('base64');
      return `${headerPart}.${claimsPart}.${standard}`;
    },
    'typ-refresh-as-access': () => target.refreshToken,
    'typ-visitor-as-user': () => target.visitorToken,
    'jti-revoked': () => target.revokedToken,
    'another key': () => hmacByHand(header, claims, randomBytes(32)),
    'no signature': () => `${headerPart}.${claimsPart}.`,
    'a signature cut short': () => token.slice(0, -1),
    'a signature of zeros': () =>
      `${headerPart}.${claimsPart}.${Buffer.alloc(Buffer.from(signature, 'base64url').length).toString('base64url')}`,
    'a part too many': () => `${token}.${signature}`,
    'white space inside': () => `${headerPart}. ${claimsPart}.${signature}`,
    'dots alone': () => '..',
  };
}

/** The attacks that sign with the installation's own key: none of them may depend on the key alone. */
function withTheKey({ key, header = {}, claims = {}, canaryUrl }: AttackTarget): Record<string, () => string> {
  const signed = (otherClaims: unknown, otherHeader: Json = {}): string =>
    signByHand(key, { ...header, ...otherHeader }, otherClaims);
  const without = (name: string): Json =>
    Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name));
  const { iat } = claims as { iat: number }; // of a good token
  const family = String(header['alg']) === 'RS256' ? 'RS' : 'HS';
  return {
    'alg-hs512': () => signed(claims, { alg: `${family}512` }),
    'jwk-embedded': () => signed(claims, { jwk: { kty: 'oct', k: 'AAAA' } }),
    x5u: () => signed(claims, { x5u: `${canaryUrl}/c` }),
    jku: () => signed(claims, { jku: `${canaryUrl}/keys` }),
    x5c: () => signed(claims, { x5c: ['MIIB'] }),
    crit: () => signed(claims, { crit: ['exp'] }),
    'b64-false': () => signed(claims, { b64: false, crit: ['b64'] }),
    zip: () => signed(claims, { zip: 'DEF' }),
    'unicode-alg': () => signed(claims, { alg: `${String(header['alg'])}\u2028` }),
    'kid missing': () => signByHand(key, { alg: header['alg'], typ: 'JWT' }, claims),
    'kid a list': () => signed(claims, { kid: [header['kid']] }),
    'typ missing': () => signByHand(key, { alg: header['alg'], kid: header['kid'] }, claims),
    'aud-missing': () => signed(without('aud')),
    'aud-wrong': () => signed({ ...claims, aud: 'another-service' }),
    'aud a list': () => signed({ ...claims, aud: [claims['aud'], 'another-service'] }),
    'iss-missing': () => signed(without('iss')),
    'iss of another environment': () => signed({ ...claims, iss: 'customercare-elsewhere' }),
    'exp-missing': () => signed(without('exp')),
    'exp-past': () => signed({ ...claims, iat: iat - 3_600, exp: iat - 1 }),
    'exp-huge': () => signed(JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e308')),
    'exp text': () => signed({ ...claims, exp: String(iat + 900) }),
    'a life longer than is ever granted': () => signed({ ...claims, exp: iat + 1_801 }),
    'iat-missing': () => signed(without('iat')),
    'iat far ahead': () => signed({ ...claims, iat: iat + 3_600, exp: iat + 3_700 }),
    'nbf ahead': () => signed({ ...claims, nbf: iat + 3_600 }),
    'sub-missing': () => signed(without('sub')),
    'sub-object': () => signed({ ...claims, sub: { $ne: 1 } }),
    'sid-missing': () => signed(without('sid')),
    'sid of nobody': () => signed({ ...claims, sid: newId() }),
    'jti-missing': () => signed(without('jti')),
    'typ claim missing': () => signed(without('typ')),
    'typ claim of a refresh token': () => signed({ ...claims, typ: 'refresh' }),
    'claims that are a list': () => signed([claims]),
    'claims that are no JSON': () => signed('not json'),
    'huge-token': () => signed({ ...claims, filler: 'x'.repeat(100_000) }),
  };
}

/** Every attack by name; the names of the attack list are used as they are. None may be answered but with 401. */
export function jwtAttacks(target: AttackTarget): Record<string, () => Attack> {
  const tokens = { ...withoutTheKey(target), ...withTheKey(target) };
  const bearer = Object.entries(tokens).map(([name, make]): [string, () => Attack] => [
    name,
    () => ({ authorization: [`Bearer ${make()}`] }),
  ]);
  const schemes = ['Basic', 'bearer', 'BEARER', 'JWT', 'Token', 'Bearer Bearer', 'Bearer '].map(
    (scheme): [string, () => Attack] => [
      `scheme "${scheme}"`,
      () => ({ authorization: [`${scheme} ${target.token}`] }),
    ],
  );
  return {
    ...Object.fromEntries([...bearer, ...schemes]),
    'typ-access-as-refresh': () => ({ refreshToken: target.token }),
    'dup-header-auth': () => ({ authorization: [`Bearer ${target.token}`, `Bearer ${target.token}`] }),
    'basic-scheme': () => ({ authorization: [`Basic ${target.token}`] }),
    'lowercase-bearer': () => ({ authorization: [`bearer ${target.token}`] }),
  };
}
