import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { FakeS3Refusal } from './fake-s3-refusal';

export interface FakeS3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

export interface SignedParts {
  readonly method: string;
  /** As it was sent, encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** S3 refuses requests that are older or newer. */
const MAX_SKEW_MS = 15 * 60_000;

/**
 * Computes the signature again, as in "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)"
 * of the S3 API reference.
 * @throws FakeS3Refusal
 */
export function checkSignature(request: SignedParts, keys: FakeS3Keys): void {
  const { headers } = request;
  const words = AUTHORIZATION.exec(headers['authorization'] ?? '');
  if (!words) throw new FakeS3Refusal(403, 'AccessDenied');
  const [, accessKeyId, day = '', region = '', names = '', signature = ''] = words;
  if (accessKeyId !== keys.accessKeyId) throw new FakeS3Refusal(403, 'InvalidAccessKeyId');
  if (region !== keys.region) throw new FakeS3Refusal(400, 'AuthorizationHeaderMalformed');
  const date = headers['x-amz-date'] ?? '';
  const signed = names.split(';');
  checkDate(date);
  checkSignedHeaders(headers, signed);
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical(request, signed))].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${keys.secretAccessKey}`, day));
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) {
    throw new FakeS3Refusal(403, 'SignatureDoesNotMatch');
  }
}

function checkDate(date: string): void {
  const skew = Math.abs(Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z')) - Date.now());
  // Also when it is no date at all.
  if (!(skew <= MAX_SKEW_MS)) throw new FakeS3Refusal(403, 'RequestTimeTooSkewed');
}

/** S3 wants the host and every header of its own signed. */
function checkSignedHeaders(headers: SignedParts['headers'], signed: readonly string[]): void {
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name));
  if (!signed.includes('host') || unsigned.length > 0) throw new FakeS3Refusal(403, 'AccessDenied');
}

function canonical({ method, path, query, headers }: SignedParts, signed: readonly string[]): string {
  const parameters = [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, path, parameters.join('&'), lines.join(''), signed.join(';'), headers['x-amz-content-sha256']].join(
    '\n',
  );
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
