import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { AppError } from '@app/kernel';

export interface BodyLimit {
  /** Of the content, after decompression; what travels may not be more either. */
  readonly maxBytes: number;
  readonly overflow: 'refuse' | 'cut';
}

export interface Body {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/**
 * Reads a body, decompressing as it comes, and stops at the limit: of a bomb no more is unpacked than is allowed.
 * @throws `source.too-large`, `source.answer-invalid` (more than one encoding or an unknown one), errors of zlib and the socket
 */
export async function readBody(response: IncomingMessage, limit: BodyLimit): Promise<Body> {
  const { maxBytes, overflow } = limit;
  if (overflow === 'refuse' && Number(response.headers['content-length']) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await decoded(response, limit)) {
    const bytes = chunk as Buffer; // none of these streams has an encoding or is in object mode
    chunks.push(bytes);
    size += bytes.length;
    if (size <= maxBytes) continue;
    if (overflow === 'refuse') throw tooLarge();
    return { bytes: Buffer.concat(chunks, maxBytes), isCut: true };
  }
  return { bytes: Buffer.concat(chunks, size), isCut: false };
}

async function decoded(response: IncomingMessage, limit: BodyLimit): Promise<Readable> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return response;
  const first = await firstByteOf(response);
  if (first === null) return response; // packed or not, nothing is nothing
  const decoder = decoderOf(encoding, first);
  if (!decoder) throw new AppError('source.answer-invalid', { detail: 'It is packed in a way that was not asked for' });
  // Errors reach whoever reads the last stream, and its end ends the others.
  return pipeline(response, new WireLimit(limit.maxBytes), decoder, () => undefined);
}

/** Looks at it and puts it back; null at the end of the stream. */
async function firstByteOf(response: IncomingMessage): Promise<number | null> {
  if (response.readableLength === 0) await Promise.race([once(response, 'readable'), once(response, 'end')]);
  const first = response.read(1) as Buffer | null; // no encoding is set
  if (first) response.unshift(first);
  return first?.[0] ?? null;
}

function decoderOf(encoding: string, first: number): Transform | null {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding !== 'deflate') return null;
  // `deflate` means zlib (RFC 9110, 8.4.1.2), and some servers leave its two bytes away.
  return (first & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

/** Packed data can be endless and unpack to nothing. */
class WireLimit extends Transform {
  private size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) done(tooLarge());
    else done(null, chunk);
  }
}

const tooLarge = (): AppError => new AppError('source.too-large');
