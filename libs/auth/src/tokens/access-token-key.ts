import { createSecretKey, type KeyObject } from 'node:crypto';

import { deriveKey } from '@app/crypto';

/** Header of every access token. Nothing else is accepted in it: no `jwk`, `x5u`, `crit` or other key id has a say. */
export interface AccessTokenHeader {
  readonly alg: 'HS256';
  readonly typ: 'JWT';
  readonly kid: string;
}

/** The signing key of access tokens alone: a visitor's token, signed with another key of the same secret, never fits. */
export class AccessTokenKey {
  readonly key: KeyObject;
  readonly header: AccessTokenHeader;

  constructor(jwtSecret: Buffer) {
    this.key = createSecretKey(deriveKey(jwtSecret, 'access-tokens'));
    const kid = deriveKey(jwtSecret, 'access-tokens-key-id').subarray(0, 6).toString('base64url');
    this.header = { alg: 'HS256', typ: 'JWT', kid };
  }
}
