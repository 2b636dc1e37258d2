import type * as S3 from '@aws-sdk/client-s3';
import type { S3Config } from '@app/config';

export type S3Library = typeof S3;

/** It takes 20 MB and a fifth of a second, which only those pay who use it. */
export const loadS3Library = (): Promise<S3Library> => import('@aws-sdk/client-s3');

/** How long to wait for a store, and how much to take from it. */
export interface S3Limits {
  readonly connectMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** One operation with all its attempts and the pauses between. */
  readonly totalMs: number;
  /** Of one object. */
  readonly maxBytes: number;
}

/**
 * An upload or download is given up well before the 60 s after which proxies usually close on its client. No upload is
 * larger than 100 MiB (`UPLOAD_MAX_FILE_BYTES`), so more than this was written by somebody else.
 */
export const S3_LIMITS: S3Limits = {
  connectMs: 3_000,
  idleMs: 10_000,
  totalMs: 45_000,
  maxBytes: 101 * 1024 * 1024,
};

/** With pauses of up to about a second between, by the client; a job that fails comes back later anyway. */
const MAX_ATTEMPTS = 3;

/**
 * A client that does what the settings say: everything the library would otherwise take from `AWS_…` variables, a home
 * folder or a metadata service is given, keys above all.
 */
export function createS3Client(
  { S3Client }: S3Library,
  config: S3Config,
  { connectMs, idleMs }: S3Limits,
): S3.S3Client {
  const { accessKeyId, secretAccessKey } = config;
  const checksums = config.hasChecksums ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  return new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: config.isPathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: idleMs },
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    followRegionRedirects: false,
  });
}
