import { AppError } from '@app/kernel';
import { type FetchExceptions } from './fetch-exceptions';
import { judgeUrl } from './judge-url';

/** The ones that mean "ask there instead" (RFC 9110, 15.4). */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/**
 * Where an answer leads on, judged like the first address.
 * @throws `source.redirect-refused` without a place to go, `source.insecure` from https to http, and what `judgeUrl` throws
 */
export function redirectTarget(from: URL, location: string | undefined, exceptions: FetchExceptions): URL {
  const resolved = location === undefined ? null : resolve(location, from);
  if (!resolved) throw new AppError('source.redirect-refused');
  const to = judgeUrl(resolved.href, exceptions);
  if (from.protocol === 'https:' && to.protocol === 'http:') throw new AppError('source.insecure');
  return to;
}

function resolve(location: string, from: URL): URL | null {
  try {
    // Node reads headers as Latin-1; sites that do not escape write UTF-8.
    return new URL(Buffer.from(location, 'latin1').toString(), from);
  } catch {
    return null;
  }
}
