import { flag, integer, origin, text } from './parsers';
import { bucketName, keyPrefix } from './s3-names';
import { optional, withDefault } from './setting';

const DOCUMENTS = 'Documents';
const BLOBS = 'Uploaded files in an S3-compatible store (the data folder keeps them unless a bucket is set)';

/** Of the documents and where their files are kept. */
export const DOCUMENT_SETTINGS = {
  UPLOAD_MAX_FILE_BYTES: withDefault(DOCUMENTS, 'Largest file; 10 MiB', '10485760', integer(1, 104_857_600)),
  UPLOAD_MAX_ARCHIVE_BYTES: withDefault(
    DOCUMENTS,
    'Largest ZIP of many files; 50 MiB',
    '52428800',
    integer(1, 104_857_600),
  ),
  QUOTA_DOCUMENTS: withDefault(DOCUMENTS, 'Documents a workspace may keep', '10000', integer(1, 10_000_000)),
  QUOTA_DOCUMENT_BYTES: withDefault(
    DOCUMENTS,
    'Room for the files of a workspace, with those of older versions; 5 GiB',
    '5368709120',
    integer(1, 1_000_000_000_000_000),
  ),
  CLAMD_HOST: optional(DOCUMENTS, 'clamd that scans uploads; without it known patterns only', '127.0.0.1', text),
  CLAMD_PORT: withDefault(DOCUMENTS, 'Port of clamd', '3310', integer(1, 65535)),
  DOCUMENT_CONCURRENCY: withDefault(DOCUMENTS, 'Documents processed at once by one worker', '2', integer(1, 32)),
  DOCUMENT_PARSE_TIMEOUT: withDefault(DOCUMENTS, 'Seconds to read one file', '30', integer(1, 600)),
  DOCUMENT_PARSE_MAX_RSS_BYTES: withDefault(
    DOCUMENTS,
    'Memory of the process that reads one file; 400 MiB',
    '419430400',
    integer(67_108_864, 4_294_967_296),
  ),

  BLOBS_S3_BUCKET: optional(BLOBS, 'Bucket; it must be there already', 'customercare-documents', bucketName),
  BLOBS_S3_ENDPOINT: optional(
    BLOBS,
    'Where the store is, without the bucket; production needs https',
    'https://s3.eu-central-1.amazonaws.com',
    origin,
  ),
  BLOBS_S3_REGION: withDefault(BLOBS, 'Region that requests are signed for', 'us-east-1', text),
  BLOBS_S3_PREFIX: withDefault(BLOBS, 'Folder in the bucket, for this installation alone', 'blobs', keyPrefix),
  BLOBS_S3_ACCESS_KEY_ID: optional(
    BLOBS,
    'User of the store that may do no more than this',
    'AKIAIOSFODNN7EXAMPLE',
    text,
  ),
  BLOBS_S3_SECRET_ACCESS_KEY: optional(BLOBS, 'The secret that belongs to it', 'change-me', text),
  BLOBS_S3_PATH_STYLE: withDefault(
    BLOBS,
    'Name the bucket in the path; false where the store wants it in the host name',
    'true',
    flag,
  ),
  BLOBS_S3_CHECKSUMS: withDefault(
    BLOBS,
    'Send and check CRC32 checksums; false for stores that do not know them',
    'true',
    flag,
  ),
};
