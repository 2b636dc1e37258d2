import { randomBytes } from 'node:crypto';

/**
 * A secret nobody can guess: `prefix` and 43 characters of base64url (256 random bits).
 * Store its `sha256`, never the token.
 */
export const randomToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');
