import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FakeS3Refusal } from './fake-s3-refusal';
import { sha256, type SignedParts } from './fake-s3-signature';

type Headers = SignedParts['headers'];

/** How S3 writes a CRC32: base64 of four bytes, the highest first. */
export function crc32Base64(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

/**
 * The object in a request's body, as it was or in aws-chunked pieces, when every sum that came with it is right.
 * @throws FakeS3Refusal
 */
export function objectOf(headers: Headers, body: Buffer): Buffer {
  const claimed = headers['x-amz-content-sha256'] ?? '';
  if (claimed.startsWith('STREAMING-')) return fromChunks(claimed, body);
  if (claimed !== 'UNSIGNED-PAYLOAD' && claimed !== sha256(body)) {
    throw new FakeS3Refusal(400, 'XAmzContentSHA256Mismatch');
  }
  checkSums(headers, body);
  return body;
}

function checkSums(headers: Headers, bytes: Buffer): void {
  const { 'content-md5': md5, 'x-amz-checksum-crc32': crc } = headers;
  const isMd5Wrong = md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('base64');
  if (isMd5Wrong || (crc !== undefined && crc !== crc32Base64(bytes))) throw new FakeS3Refusal(400, 'BadDigest');
}

/** `size-in-hex CRLF bytes CRLF` and so on, to a size of 0 that trailers follow. */
function fromChunks(kind: string, body: Buffer): Buffer {
  if (kind !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw new FakeS3Refusal(501, 'NotImplemented');
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = parseInt(body.toString('latin1', at, end), 16);
    if (end < 0 || Number.isNaN(size)) throw new FakeS3Refusal(400, 'IncompleteBody');
    at = end + 2;
    if (size === 0) break;
    pieces.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const bytes = Buffer.concat(pieces);
  const trailers = body.toString('latin1', at).split('\r\n').filter(Boolean);
  checkSums(Object.fromEntries(trailers.map((line) => line.split(/: ?/, 2) as [string, string])), bytes); // two parts
  return bytes;
}
