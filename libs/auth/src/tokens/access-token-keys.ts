import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

import type { TokenSigning } from '@app/config';
import { deriveKey, sha256 } from '@app/crypto';

import type { AuthSettings } from '../auth-settings';

type Algorithm = TokenSigning['alg'];

/** Header of an access token. Nothing else is accepted in it: no `jwk`, `x5u`, `crit` or other key id has a say. */
export interface AccessTokenHeader {
  readonly alg: Algorithm;
  readonly typ: 'JWT';
  readonly kid: string;
}

/** A public key as the JWKS shows it (RFC 7517, RFC 7518 6.3). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: Algorithm;
  readonly n: string;
  readonly e: string;
}

/**
 * The keys of access tokens: one signs, and it and those before it verify, all with the one algorithm of this
 * installation. With HS256 the key is made from JWT_SECRET for access tokens alone, so that a visitor's token, signed
 * with another key of the same secret, never fits.
 */
export class AccessTokenKeys {
  readonly signingKey: KeyObject;
  readonly header: AccessTokenHeader;
  /** Empty for HS256, whose key is nobody else's business. The signing key comes first. */
  readonly publicKeys: readonly PublicJwk[];
  private readonly verifyingKeys = new Map<string, KeyObject>();

  constructor({ tokens, secrets }: Pick<AuthSettings, 'tokens' | 'secrets'>) {
    const { signing } = tokens;
    if (signing.alg === 'HS256') {
      this.signingKey = createSecretKey(deriveKey(secrets.jwtSecret, 'access-tokens'));
      const kid = deriveKey(secrets.jwtSecret, 'access-tokens-key-id').subarray(0, 6).toString('base64url');
      this.header = { alg: 'HS256', typ: 'JWT', kid };
      this.publicKeys = [];
      this.verifyingKeys.set(kid, this.signingKey);
      return;
    }
    const { alg, privateKey, previousKeys } = signing;
    const own = createPublicKey(privateKey);
    this.signingKey = privateKey;
    this.header = { alg, typ: 'JWT', kid: thumbprintOf(own) };
    for (const key of [own, ...previousKeys]) this.verifyingKeys.set(thumbprintOf(key), key);
    this.publicKeys = [...this.verifyingKeys].map(([kid, key]) => publicJwk(key, alg, kid));
  }

  /** The key whose tokens carry this header, to the last field; undefined when it is not exactly one of ours. */
  find(header: unknown): KeyObject | undefined {
    if (typeof header !== 'object' || header === null) return undefined;
    const { alg, typ, kid, ...rest } = header as Partial<Record<string, unknown>>; // parsed JSON
    const isOurs = alg === this.header.alg && typ === this.header.typ && Object.keys(rest).length === 0;
    return isOurs && typeof kid === 'string' ? this.verifyingKeys.get(kid) : undefined;
  }
}

function publicJwk(key: KeyObject, alg: Algorithm, kid: string): PublicJwk {
  const { kty = '', n = '', e = '' } = key.export({ format: 'jwk' });
  return { kty, kid, use: 'sig', alg, n, e };
}

/** RFC 7638: SHA-256 over the required members in the order of their names. The same key has the same id everywhere. */
function thumbprintOf(key: KeyObject): string {
  const { kty, n, e } = key.export({ format: 'jwk' });
  return sha256(JSON.stringify({ e, kty, n })).toString('base64url');
}
