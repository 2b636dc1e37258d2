import { createHmac, randomBytes } from 'node:crypto';
import { deriveKey } from '@app/crypto';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { JwtService } from '@nestjs/jwt';
import type { EmbedsOptions } from './embeds-options';
import { VisitorTokens } from './visitor-tokens';

const SITE = 'https://shop.example.com';
const jwtSecret = randomBytes(32);
const options: EmbedsOptions = {
  jwtSecret,
  secretKey: Buffer.alloc(32),
  challenges: { sessionsPerIp: 20, sessionsPerEmbed: 600 },
  issuer: 'customercare',
  visitorTtlSeconds: 900,
  resumeTtlSeconds: 2_592_000,
  allowsLoopbackHttp: false,
  publicUrl: () => 'https://chat.example',
};
const claims = {
  workspaceId: newId(),
  embedId: newId(),
  keyId: newId(),
  visitorId: newId(),
  origin: SITE,
  generation: 3,
};

describe('VisitorTokens', () => {
  let clock: FakeClock;
  let tokens: VisitorTokens;

  beforeEach(() => {
    clock = new FakeClock();
    tokens = new VisitorTokens(options, clock);
  });

  const invalid = (token: unknown, origin: string | undefined = SITE) =>
    expect(() => tokens.verify(token, origin)).toThrow(expect.objectContaining({ code: 'visitor.token-invalid' }));

  it('gives back what it was issued for, until it expires', () => {
    const { token, expiresAt } = tokens.issue(claims);
    expect(expiresAt).toEqual(new Date(clock.now().getTime() + 900_000));
    expect(tokens.verify(token, SITE)).toEqual({ ...claims, expiresAt });
    clock.advance(899);
    expect(tokens.verify(token, SITE).visitorId).toBe(claims.visitorId);
    clock.advance(1);
    invalid(token);
  });

  it('carries the claims of the protocol', () => {
    const payload: Record<string, unknown> = new JwtService().decode(tokens.issue(claims).token);
    expect(payload).toMatchObject({
      iss: 'customercare',
      aud: `embed:${claims.embedId}`,
      sub: claims.visitorId,
      typ: 'visitor',
      workspaceId: claims.workspaceId,
      keyId: claims.keyId,
      origin: SITE,
      generation: 3,
    });
    expect(payload['jti']).toBeTruthy();
  });

  it.each([undefined, '', 'null', 'https://evil.example', 'https://shop.example.com/'])(
    'is worth nothing on origin %s',
    (origin) => {
      const { token } = tokens.issue(claims);
      expect(() => tokens.verify(token, origin)).toThrow(expect.objectContaining({ code: 'visitor.token-invalid' }));
    },
  );

  it.each([undefined, null, 7, {}, [], '', 'x', 'a.b.c', 'x'.repeat(5_000)])('refuses %p', (token) => invalid(token));

  describe('refuses a forgery:', () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const key = deriveKey(jwtSecret, 'visitor-token/v1');
    const sign = (header: object, payload: object, secret: Buffer, hash = 'sha256') => {
      const text = `${encode(header)}.${encode(payload)}`;
      return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
    };
    const good = () => ({
      iss: 'customercare',
      aud: `embed:${claims.embedId}`,
      sub: claims.visitorId,
      typ: 'visitor',
      workspaceId: claims.workspaceId,
      keyId: claims.keyId,
      origin: SITE,
      generation: 3,
      iat: Math.floor(clock.now().getTime() / 1000),
      exp: Math.floor(clock.now().getTime() / 1000) + 900,
    });
    const HS256 = { alg: 'HS256', typ: 'JWT' };

    it('(control: what these forge would be accepted if it were right)', () => {
      expect(tokens.verify(sign(HS256, good(), key), SITE)).toMatchObject(claims);
    });

    it('another signature algorithm', () => {
      invalid(`${encode({ alg: 'none' })}.${encode(good())}.`);
      invalid(sign({ alg: 'none' }, good(), key));
      invalid(sign({ alg: 'HS512' }, good(), key, 'sha512'));
    });

    it('another key: the undivided secret, the access token’s, an empty one', () => {
      invalid(sign(HS256, good(), jwtSecret));
      invalid(sign(HS256, good(), deriveKey(jwtSecret, 'access-token')));
      invalid(sign(HS256, good(), Buffer.alloc(0)));
    });

    it.each([
      ['another issuer', { iss: 'evil' }],
      ['another type', { typ: 'access' }],
      ['no audience', { aud: undefined }],
      ['an audience that is no embed', { aud: claims.embedId }],
      ['an audience without id', { aud: 'embed:' }],
      ['several audiences', { aud: [`embed:${claims.embedId}`, 'embed:x'] }],
      ['no visitor', { sub: undefined }],
      ['a workspace that is no id', { workspaceId: "' or 1=1 --" }],
      ['no key', { keyId: undefined }],
      ['no generation', { generation: undefined }],
      ['no expiry', { exp: undefined }],
      ['a start in the future', { nbf: 99_999_999_999 }],
    ])('%s', (_name, change) => invalid(sign(HS256, { ...good(), ...change }, key)));
  });
});
