import { JwtService } from '@nestjs/jwt';
import { type IdentityClaims, readIdentityClaims } from './identity-claims';

/** A token is for the moment it is made, not to be kept in a page. */
const MAX_LIFE_SECONDS = 600;
/** How far the clocks of two servers may be apart. */
export const SKEW_SECONDS = 30;

export interface IdentityTokenCheck {
  readonly token: string;
  readonly secrets: readonly string[];
  readonly embedId: string;
  readonly nowSeconds: number;
}

const jwt = new JwtService();

/**
 * Checks a token but for its being used once: HS256 alone, signed with one of the secrets, `aud` exactly the embed's id,
 * living at most ten minutes and at this moment. A text in place of the claims says what is wrong.
 */
export function verifyIdentityToken({
  token,
  secrets,
  embedId,
  nowSeconds,
}: IdentityTokenCheck): IdentityClaims | string {
  if (secrets.length === 0) return 'this embed has no identity secret';
  const faults = new Set<string>();
  for (const secret of secrets) {
    const read = readSigned(token, secret, nowSeconds);
    if (typeof read !== 'string') return judge(read, embedId, nowSeconds);
    faults.add(read);
  }
  // A fault of the content is only found with the right secret.
  return [...faults].find((fault) => fault !== WRONG_SIGNATURE) ?? WRONG_SIGNATURE;
}

const WRONG_SIGNATURE = 'the signature is not one of this embed’s secrets with HS256';

interface SignedToken {
  readonly header: Record<string, unknown>;
  readonly payload: unknown;
}

function readSigned(token: string, secret: string, nowSeconds: number): SignedToken | string {
  try {
    return jwt.verify<SignedToken>(token, {
      secret: Buffer.from(secret),
      algorithms: ['HS256'],
      clockTimestamp: nowSeconds,
      clockTolerance: SKEW_SECONDS,
      complete: true,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'TokenExpiredError') return 'the token has expired';
    return name === 'NotBeforeError' ? 'the token is not valid yet' : WRONG_SIGNATURE;
  }
}

function judge({ header, payload }: SignedToken, embedId: string, nowSeconds: number): IdentityClaims | string {
  // RFC 7515, 4.1.11: who does not understand a critical extension must refuse.
  if (header['crit'] !== undefined) return 'critical header extensions are not supported';
  const claims = readIdentityClaims(payload);
  if (typeof claims === 'string') return claims;
  const { aud } = payload as { aud?: unknown }; // an object, or there would be no claims
  if (aud !== embedId) return 'aud must be the id of the embed, as text';
  const { issuedAt, expiresAt } = claims;
  if (expiresAt <= issuedAt || expiresAt - issuedAt > MAX_LIFE_SECONDS)
    return `exp must be at most ${MAX_LIFE_SECONDS} seconds after iat`;
  if (issuedAt > nowSeconds + SKEW_SECONDS) return 'iat lies in the future';
  return claims;
}
