/** Length and alphabet of bucket names (Amazon S3 user guide, "Bucket naming rules"); no dots, which break TLS host names. */
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Safe in every store and every URL without encoding; no empty, `.` or `..` part. */
const PREFIX = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const MAX_PREFIX_CHARS = 200;

/** @throws Error that says what is wrong and never quotes the text */
export function bucketName(value: string): string {
  if (!BUCKET.test(value)) throw new Error('must be 3 to 63 small letters, digits and hyphens');
  return value;
}

/** @throws Error that says what is wrong and never quotes the text */
export function keyPrefix(value: string): string {
  if (value.length > MAX_PREFIX_CHARS || !PREFIX.test(value)) {
    throw new Error('must be letters, digits, - and _, with single slashes between');
  }
  return value;
}
