import { timingSafeEqual } from 'node:crypto';

import { sha256 } from './digests';

/**
 * Compares secrets in a time that tells nothing about where they differ, nor about their lengths: both are hashed
 * first, so values of any two lengths can be compared.
 */
export const isSameSecret = (left: string | Buffer, right: string | Buffer): boolean =>
  timingSafeEqual(sha256(left), sha256(right));
