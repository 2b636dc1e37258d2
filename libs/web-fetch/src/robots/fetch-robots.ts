import { AppError } from '@app/kernel';
import { PRODUCT_TOKEN, type SafeFetch } from '../fetch/safe-fetch';
import { errorOfStatus } from '../fetch/source-error';
import { MAX_ROBOTS_BYTES, RobotsTxt } from './robots-txt';

/** A site's rules, or why none of its pages may be read. */
export type RobotsAnswer = { readonly rules: RobotsTxt } | { readonly refusal: AppError };

/**
 * Reads `/robots.txt` of an origin (RFC 9309, 2.3.1): none, or 4xx, allows everything; a site that fails or can not be
 * reached allows nothing. So does 429, with which a site asks for less.
 */
export async function fetchRobots(fetcher: SafeFetch, origin: string, signal?: AbortSignal): Promise<RobotsAnswer> {
  try {
    const answer = await fetcher.get(new URL('/robots.txt', origin).href, {
      accept: 'any',
      maxBytes: MAX_ROBOTS_BYTES,
      overflow: 'cut',
      signal,
    });
    if (answer.kind === 'content') return { rules: RobotsTxt.parse(textOf(answer), PRODUCT_TOKEN) };
    if (answer.kind !== 'status') return { rules: RobotsTxt.NONE };
    const isAbsent = answer.status < 500 && answer.status !== 429;
    return isAbsent ? { rules: RobotsTxt.NONE } : { refusal: errorOfStatus(answer.status, answer.retryAfterSeconds) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // More redirects than are followed are no file (2.3.1.2).
    return error.code === 'source.redirect-refused' ? { rules: RobotsTxt.NONE } : { refusal: error };
  }
}

/** Half a rule at the cut would allow or refuse more than the whole one. */
function textOf({ bytes, isCut }: { bytes: Buffer; isCut: boolean }): string {
  const text = bytes.toString('utf8');
  return isCut ? text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1) : text;
}
