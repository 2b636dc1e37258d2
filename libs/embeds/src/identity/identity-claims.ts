/** Who the customer's server says a visitor is. */
export interface VerifiedIdentity {
  /** The customer's own id for the person: `sub`. */
  readonly externalId: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface IdentityClaims extends VerifiedIdentity {
  readonly tokenId: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const MAX_ID_CHARS = 255;
const MAX_TOKEN_ID_CHARS = 128;
const MAX_NAME_CHARS = 100;
/** RFC 5321, 4.5.3.1.3. */
const MAX_EMAIL_CHARS = 254;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
/** Control characters, and halves of characters that no UTF-8 can carry. */
const UNCLEAN = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** Reads a payload whose signature was good; a text in its place says what is wrong with it. */
export function readIdentityClaims(payload: unknown): IdentityClaims | string {
  if (typeof payload !== 'object' || payload === null) return 'the payload is no object';
  const claims = payload as Record<string, unknown>; // each is checked before it is believed
  const fault = RULES.find(([isRight]) => !isRight(claims))?.[1];
  if (fault !== undefined) return fault;
  const { sub, jti, iat, exp, name = null, email = null } = claims as unknown as RawClaims; // the rules have said so
  return { externalId: sub, tokenId: jti, issuedAt: iat, expiresAt: exp, name, email };
}

interface RawClaims {
  sub: string;
  jti: string;
  iat: number;
  exp: number;
  name?: string | null;
  email?: string | null;
}

/** What must hold, and what to say where it does not. */
const RULES: readonly [(claims: Record<string, unknown>) => boolean, string][] = [
  [({ sub }) => isText(sub, MAX_ID_CHARS), `sub must be 1 to ${MAX_ID_CHARS} characters`],
  [({ jti }) => isText(jti, MAX_TOKEN_ID_CHARS), `jti must be 1 to ${MAX_TOKEN_ID_CHARS} characters`],
  [({ iat, exp }) => isMoment(iat) && isMoment(exp), 'iat and exp must be whole seconds'],
  [({ name }) => isLeftOut(name) || isText(name, MAX_NAME_CHARS), `name must be 1 to ${MAX_NAME_CHARS} characters`],
  [({ email }) => isLeftOut(email) || isEmail(email), 'email must be an e-mail address'],
];

const isLeftOut = (value: unknown): boolean => value === undefined || value === null;

const isEmail = (value: unknown): boolean => isText(value, MAX_EMAIL_CHARS) && EMAIL.test(value);

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value !== '' && [...value].length <= max && !UNCLEAN.test(value);

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
