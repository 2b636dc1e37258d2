import { createHash } from 'node:crypto';
import { FakeS3Refusal } from './fake-s3-refusal';

export interface FakeS3Object {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly storedAt: Date;
}

/** The content of a bucket, and what S3 says about it. */
export class FakeS3Objects {
  private readonly objects = new Map<string, FakeS3Object>();

  keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  /** @throws FakeS3Refusal */
  get(key: string): FakeS3Object {
    const object = this.objects.get(key);
    if (!object) throw new FakeS3Refusal(404, 'NoSuchKey');
    return object;
  }

  /** @param ifMatch replaces only an object with this ETag @throws FakeS3Refusal */
  put(key: string, bytes: Buffer, ifMatch?: string): FakeS3Object {
    if (ifMatch !== undefined && this.get(key).etag !== ifMatch) throw new FakeS3Refusal(412, 'PreconditionFailed');
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const object = { bytes: Buffer.from(bytes), etag, storedAt: new Date() };
    this.objects.set(key, object);
    return object;
  }

  delete(key: string): void {
    this.objects.delete(key);
  }

  /** A page as ListObjectsV2 answers it. The token is the last key of the page before. */
  listXml(query: URLSearchParams, pageSize: number): string {
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
    const prefix = query.get('prefix') ?? '';
    const found = this.keys().filter((key) => key.startsWith(prefix) && key > after);
    const page = found.slice(0, pageSize);
    const contents = page.map((key) => {
      const { bytes, etag, storedAt } = this.get(key);
      return `<Contents><Key>${key}</Key><LastModified>${storedAt.toISOString()}</LastModified><ETag>${etag}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
    });
    const isTruncated = found.length > page.length;
    const token = isTruncated ? Buffer.from(page.at(-1) ?? '').toString('base64') : '';
    return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${prefix}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${pageSize}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${token && `<NextContinuationToken>${token}</NextContinuationToken>`}${contents.join('')}</ListBucketResult>`;
  }
}
