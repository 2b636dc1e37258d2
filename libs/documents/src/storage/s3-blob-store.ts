import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from '@app/config';
import type { KeyRing } from '@app/crypto';
import { AppError } from '@app/kernel';
import type { OnModuleDestroy } from '@nestjs/common';
import { type BlobKey, blobOfPath, pathOfBlob } from './blob-key';
import { BlobSeal } from './blob-seal';
import { BlobStore } from './blob-store';
import type { ResealableBlobs } from './resealable-blobs';
import { createS3Client, loadS3Library, S3_LIMITS, type S3Library, type S3Limits } from './s3-client';
import { isEmptyObject, isMissingObject, isReplacedObject, s3Failure } from './s3-failure';

interface StoredObject {
  readonly sealed: Buffer;
  /** Of this content, as the store wrote it; undefined when it says none. */
  readonly etag: string | undefined;
}

/** One sealed object a blob, `<prefix>/<workspace>/<blob>`, in a store that speaks S3; see `BlobSeal`. */
export class S3BlobStore extends BlobStore implements ResealableBlobs, OnModuleDestroy {
  private readonly client: S3Client;
  private readonly seal: BlobSeal;

  private constructor(
    private readonly library: S3Library,
    private readonly config: S3Config,
    ring: KeyRing,
    private readonly limits: S3Limits,
  ) {
    super();
    this.client = createS3Client(library, config, limits);
    this.seal = new BlobSeal(ring);
  }

  /** Connects to nothing yet. */
  static async open(config: S3Config, ring: KeyRing, limits = S3_LIMITS): Promise<S3BlobStore> {
    return new S3BlobStore(await loadS3Library(), config, ring, limits);
  }

  onModuleDestroy(): void {
    this.client.destroy();
  }

  async put(key: BlobKey, bytes: Buffer): Promise<void> {
    await this.write(key, bytes);
  }

  async get(key: BlobKey): Promise<Buffer> {
    return this.seal.open(key, (await this.read(key)).sealed);
  }

  async delete(key: BlobKey): Promise<void> {
    const place = this.placeOf(key);
    await this.within((abortSignal) =>
      this.client.send(new this.library.DeleteObjectCommand(place), { abortSignal }),
    ).catch((error: unknown) => {
      if (!isMissingObject(error)) throw error;
    });
  }

  async *list(before: Date): AsyncIterable<BlobKey> {
    for await (const { key, storedAt } of this.objects()) if (storedAt && storedAt < before) yield key;
  }

  /** One short request for each object: a list does not say how they begin. */
  async *keyIds(): AsyncIterable<{ key: BlobKey; kid: string }> {
    for await (const { key } of this.objects()) {
      const head = await this.readHead(key);
      if (head) yield { key, kid: this.seal.kidOf(head) };
    }
  }

  async reseal(key: BlobKey): Promise<boolean> {
    const { sealed, etag } = await this.read(key);
    if (etag === undefined) throw new Error('The store gives no ETag, so a file could be overwritten that is newer');
    try {
      await this.write(key, this.seal.open(key, sealed), etag);
      return true;
    } catch (error) {
      if (isReplacedObject(error)) return false;
      throw error;
    }
  }

  /** @param etag of what may be replaced; without it anything is */
  private async write(key: BlobKey, bytes: Buffer, etag?: string): Promise<void> {
    const command = new this.library.PutObjectCommand({
      ...this.placeOf(key),
      Body: this.seal.seal(key, bytes),
      ContentType: 'application/octet-stream',
      IfMatch: etag,
    });
    await this.within((abortSignal) => this.client.send(command, { abortSignal }));
  }

  /** @throws AppError `document.not-found` */
  private async read(key: BlobKey, range?: string): Promise<StoredObject> {
    const command = new this.library.GetObjectCommand({ ...this.placeOf(key), Range: range });
    try {
      return await this.within(async (abortSignal) => {
        const { Body: body, ETag: etag } = await this.client.send(command, { abortSignal });
        // In Node it is always one; the type also speaks for browsers.
        if (!(body instanceof Readable)) throw new Error('An object without a body');
        return { sealed: await readAtMost(this.limits.maxBytes, body), etag };
      });
    } catch (cause) {
      throw isMissingObject(cause) ? new AppError('document.not-found', { cause }) : cause;
    }
  }

  /** Null when the object has gone. */
  private async readHead(key: BlobKey): Promise<Buffer | null> {
    try {
      return (await this.read(key, `bytes=0-${BlobSeal.HEAD_BYTES - 1}`)).sealed;
    } catch (error) {
      if (isEmptyObject(error)) return Buffer.alloc(0);
      if (error instanceof AppError && error.code === 'document.not-found') return null;
      throw error;
    }
  }

  /** Everything below the prefix that has the name of a blob. */
  private async *objects(): AsyncIterable<{ key: BlobKey; storedAt: Date | undefined }> {
    const { bucket: Bucket, prefix } = this.config;
    let token: string | undefined;
    do {
      const command = new this.library.ListObjectsV2Command({ Bucket, Prefix: `${prefix}/`, ContinuationToken: token });
      const page = await this.within((abortSignal) => this.client.send(command, { abortSignal }));
      for (const { Key: path = '', LastModified: storedAt } of page.Contents ?? []) {
        const key = blobOfPath(path.slice(prefix.length + 1));
        if (key) yield { key, storedAt };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  private placeOf(key: BlobKey): { Bucket: string; Key: string } {
    return { Bucket: this.config.bucket, Key: `${this.config.prefix}/${pathOfBlob(key)}` };
  }

  /** Within the time that an operation has. @throws AppError `service.unavailable` */
  private async within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(AbortSignal.timeout(this.limits.totalMs));
    } catch (error) {
      // Whoever asked tells what a missing or replaced object means; everything else is the store's.
      throw isMissingObject(error) || isReplacedObject(error) ? error : (s3Failure(error) ?? error);
    }
  }
}

/** @throws AppError `data.unreadable` for more */
async function readAtMost(maxBytes: number, body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let left = maxBytes;
  const buffers: AsyncIterable<Buffer> = body; // it has no encoding set, so it gives nothing else
  for await (const piece of buffers) {
    left -= piece.length;
    if (left < 0) throw new AppError('data.unreadable', { cause: new Error('larger than any file that was stored') });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
