import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import type { AppConfig } from '@app/config';
import { AppError } from '@app/kernel';
import { conditionsOf, contentTypeOf, retryAfterOf, validatorsOf } from './answer-headers';
import { DnsResolver } from './dns-resolver';
import { type FetchExceptions, NO_EXCEPTIONS } from './fetch-exceptions';
import type { HostResolver } from './host-resolver';
import { isPermittedAddress, judgeUrl, portOf } from './judge-url';
import { pinnedLookup } from './pinned-lookup';
import { readBody } from './read-body';
import { isRedirect, redirectTarget } from './redirect-target';
import { toSourceError } from './source-error';
import type { Validators, WebAnswer } from './web-answer';
import { withDeadline } from './with-deadline';

/** How the product calls itself, also where robots.txt speaks to it. */
export const PRODUCT_TOKEN = 'CustomerCareBot';
export const MAX_BYTES = 5 * 1024 * 1024;
export const MAX_REDIRECTS = 3;
const TOTAL_MS = 10_000;
/** Node's own default, said here because the whole answer's head is kept in memory. */
const MAX_HEADER_BYTES = 16 * 1024;

export interface SafeFetchOptions {
  readonly environment: AppConfig['environment'];
  /** Where the owner of a site reads who we are; goes into the User-Agent. */
  readonly contactUrl: string | null;
  /** For tests; refused in production. */
  readonly resolver?: HostResolver;
  /** For tests; refused in production. */
  readonly exceptions?: FetchExceptions;
  /** For tests; otherwise ten seconds for everything from the first name to the last byte. */
  readonly totalMs?: number;
}

export interface GetOptions {
  /** Media types that are read: `text/html`. `any` also takes answers that name none. */
  readonly accept: readonly string[] | 'any';
  readonly validators?: Validators;
  /** After decompression; 5 MB unless it says otherwise. */
  readonly maxBytes?: number;
  /** What happens to a longer body; `refuse` unless it says otherwise. */
  readonly overflow?: 'refuse' | 'cut';
  /** Follow up to three, or report the first; `follow` unless it says otherwise. */
  readonly redirects?: 'follow' | 'report';
  readonly signal?: AbortSignal;
}

/**
 * Fetches from the public web what a stranger named, and nothing from anywhere else (OWASP, Server Side Request Forgery
 * Prevention). No cookies, no credentials, no connection kept; the design and its reasons are in docs/adr/0027.
 */
export class SafeFetch {
  private readonly resolver: HostResolver;
  private readonly exceptions: FetchExceptions;
  private readonly userAgent: string;
  private readonly totalMs: number;

  constructor({ environment, contactUrl, resolver, exceptions, totalMs = TOTAL_MS }: SafeFetchOptions) {
    if (environment === 'production' && (resolver ?? exceptions)) {
      throw new Error('Production asks the real name servers and makes no exceptions');
    }
    this.resolver = resolver ?? new DnsResolver();
    this.exceptions = exceptions ?? NO_EXCEPTIONS;
    this.userAgent = `${PRODUCT_TOKEN}/1.0${contactUrl === null ? '' : ` (+${contactUrl})`}`;
    this.totalMs = totalMs;
  }

  /**
   * What `get` would refuse before it asks anybody.
   * @returns the address as it is asked for: one spelling, without a fragment
   * @throws AppError `source.address-invalid`, `source.address-refused`
   */
  judge(address: string): string {
    return judgeUrl(address, this.exceptions).href;
  }

  /**
   * @throws AppError `source.…`, without names and addresses in what is shown: `address-invalid`, `address-refused`,
   *   `unreachable`, `insecure`, `redirect-refused`, `timeout`, `too-large`, `type-refused`, `answer-invalid`
   * @throws the signal's reason
   */
  async get(address: string, options: GetOptions): Promise<WebAnswer> {
    const limit = { ms: this.totalMs, error: () => new AppError('source.timeout') };
    return withDeadline(limit, options.signal, async (signal) => {
      let url = judgeUrl(address, this.exceptions);
      for (let hops = 0; ; hops++) {
        const answer = await this.ask(url, options, signal);
        if (answer.kind !== 'moved' || options.redirects === 'report') return answer;
        if (hops === MAX_REDIRECTS) throw new AppError('source.redirect-refused');
        url = judgeUrl(answer.to, this.exceptions);
      }
    });
  }

  /** One request to one address. */
  private async ask(url: URL, options: GetOptions, signal: AbortSignal): Promise<WebAnswer> {
    let response: IncomingMessage | undefined;
    try {
      response = await this.send(url, options, signal);
      return await this.read(url, response, options);
    } catch (error) {
      throw toSourceError(error);
    } finally {
      response?.destroy();
    }
  }

  private send(url: URL, { accept, validators }: GetOptions, signal: AbortSignal): Promise<IncomingMessage> {
    const { request } = url.protocol === 'https:' ? https : http;
    const { certificateAuthority } = this.exceptions;
    const isPermitted = (found: string): boolean => isPermittedAddress(found, portOf(url), this.exceptions);
    return new Promise((resolve, reject) => {
      const outgoing = request(url, {
        agent: false, // a connection of its own: none that was judged for another name is used again
        headers: {
          'user-agent': this.userAgent,
          accept: accept === 'any' ? '*/*' : accept.join(', '),
          'accept-encoding': 'gzip, deflate, br',
          ...conditionsOf(validators),
        },
        insecureHTTPParser: false,
        lookup: pinnedLookup(this.resolver, isPermitted, signal),
        maxHeaderSize: MAX_HEADER_BYTES,
        rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
        signal,
        ...(certificateAuthority !== undefined && { ca: [...rootCertificates, certificateAuthority] }),
      });
      outgoing.once('response', (response) => {
        // What follows the end of an answer is an error of the connection, not of the answer.
        outgoing.once('error', (error) => response.destroy(error));
        resolve(response);
      });
      outgoing.on('error', reject);
      // Without an error and an answer, for example after a switch to another protocol.
      outgoing.once('close', () => reject(new AppError('source.answer-invalid')));
      outgoing.end();
    });
  }

  private async read(url: URL, response: IncomingMessage, options: GetOptions): Promise<WebAnswer> {
    const { accept, validators, maxBytes = MAX_BYTES, overflow = 'refuse' } = options;
    const { headers, statusCode: status = 0 } = response;
    if (status === 304 && Object.keys(conditionsOf(validators)).length > 0) return { kind: 'unchanged', url: url.href };
    if (isRedirect(status)) {
      return { kind: 'moved', url: url.href, to: redirectTarget(url, headers.location, this.exceptions).href };
    }
    if (status !== 200) {
      const retryAfterSeconds = retryAfterOf(headers, Date.now());
      return { kind: 'status', url: url.href, status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    }
    const type = contentTypeOf(headers);
    if (accept !== 'any' && !accept.includes(type.mediaType)) throw new AppError('source.type-refused');
    const body = await readBody(response, { maxBytes, overflow });
    return { kind: 'content', url: url.href, ...type, ...body, validators: validatorsOf(headers) };
  }
}
