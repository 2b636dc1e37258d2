import type { IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';
import type { Validators } from './web-answer';

/** RFC 9110, 8.8.3; what does not look like one is not kept, since it will be sent back. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;
const HTTP_DATE = /^[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/;
const MAX_RETRY_AFTER_SECONDS = 86_400;

export function validatorsOf({ etag, 'last-modified': lastModified }: IncomingHttpHeaders): Validators {
  return {
    ...(etag !== undefined && ETAG.test(etag) && { etag }),
    ...(lastModified !== undefined && HTTP_DATE.test(lastModified) && { lastModified }),
  };
}

/** Only what `validatorsOf` would have kept: they may come from a database. */
export function conditionsOf(validators: Validators = {}): Record<string, string> {
  const { etag, lastModified } = validatorsOf({ etag: validators.etag, 'last-modified': validators.lastModified });
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  };
}

/** An empty media type when there is none, or nothing that is one. */
export function contentTypeOf({ 'content-type': value = '' }: IncomingHttpHeaders): {
  mediaType: string;
  charset?: string;
} {
  try {
    const type = new MIMEType(value);
    const charset = type.params.get('charset');
    return { mediaType: type.essence, ...(charset !== null && { charset: charset.toLowerCase() }) };
  } catch {
    return { mediaType: '' };
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), at most a day. */
export function retryAfterOf({ 'retry-after': value = '' }: IncomingHttpHeaders, now: number): number | undefined {
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Math.ceil((dateOf(value) - now) / 1000);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) : undefined;
}

const dateOf = (value: string): number => (HTTP_DATE.test(value) ? Date.parse(value) : NaN);
