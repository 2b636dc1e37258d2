import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { S3Config } from '@app/config';
import { crc32Base64, objectOf } from './fake-s3-body';
import { FakeS3Objects } from './fake-s3-objects';
import { FakeS3Refusal } from './fake-s3-refusal';
import { checkSignature, type SignedParts } from './fake-s3-signature';

/** An error answer; silence; silence within a body; a body that ends early; a body with a wrong byte. */
export type FakeS3Fault = FakeS3Refusal | 'hang' | 'stall' | 'cut' | 'flip';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

/**
 * A store that speaks S3 on a port of 127.0.0.1, path style: PutObject with If-Match, GetObject with Range, HeadObject,
 * DeleteObject, ListObjectsV2. It checks signatures and sums, and fails on demand.
 */
export class FakeS3 {
  readonly objects = new FakeS3Objects();
  /** Method and path of every request, in order. */
  readonly requests: string[] = [];
  /** The next requests fail, one each. */
  readonly faults: FakeS3Fault[] = [];
  /** When it is false, requests with checksums are refused, as older stores do. */
  knowsChecksums = true;
  pageSize = 1000;
  /** Called once before the next write is decided. */
  beforePut: (() => void) | null = null;

  private constructor(
    readonly config: S3Config,
    private readonly server: Server,
  ) {}

  static async start(settings: Partial<S3Config> = {}): Promise<FakeS3> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const config: S3Config = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      bucket: 'blue-kettle',
      prefix: 'cc/blobs',
      accessKeyId: 'BLUEKETTLE',
      secretAccessKey: 'Vq8mT2rX9kL4/planted+word',
      isPathStyle: true,
      hasChecksums: true,
      ...settings,
    };
    const fake = new FakeS3(config, server);
    server.on('request', (request, response) => void fake.handle(request, response));
    return fake;
  }

  /** As the environment of a product that keeps its files here. */
  get env(): Record<string, string> {
    return {
      BLOBS_S3_ENDPOINT: this.config.endpoint,
      BLOBS_S3_REGION: this.config.region,
      BLOBS_S3_BUCKET: this.config.bucket,
      BLOBS_S3_PREFIX: this.config.prefix,
      BLOBS_S3_ACCESS_KEY_ID: this.config.accessKeyId,
      BLOBS_S3_SECRET_ACCESS_KEY: this.config.secretAccessKey,
    };
  }

  fail(fault: FakeS3Fault, times = 1): void {
    this.faults.push(...Array<FakeS3Fault>(times).fill(fault));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(message.url ?? '', this.config.endpoint);
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
    const request: SignedParts = { method: message.method ?? '', path: pathname, query, headers };
    this.requests.push(`${request.method} ${pathname}`);
    const fault = this.faults.shift();
    if (fault === 'hang') return;
    try {
      const body = await buffer(message);
      if (fault instanceof FakeS3Refusal) throw fault;
      checkSignature(request, this.config);
      send(response, this.answer(request, body), fault);
    } catch (error) {
      const refusal = error instanceof FakeS3Refusal ? error : new FakeS3Refusal(500, 'InternalError');
      send(response, { status: refusal.status, headers: { 'content-type': 'application/xml' }, body: refusal.xml });
    }
  }

  private answer(request: SignedParts, body: Buffer): Answer {
    const { method, path, query, headers } = request;
    const [, bucket, ...rest] = decodeURIComponent(path).split('/');
    if (bucket !== this.config.bucket) throw new FakeS3Refusal(404, 'NoSuchBucket');
    const hasSums = Object.keys(headers).some((name) => /^x-amz-(sdk-)?checksum-/.test(name));
    if (hasSums && !this.knowsChecksums) throw new FakeS3Refusal(501, 'NotImplemented');
    const key = rest.join('/');
    if (method === 'PUT') return this.put(key, request, body);
    if (method === 'DELETE') {
      this.objects.delete(key);
      return { status: 204 };
    }
    if (query.get('list-type') === '2') return { status: 200, body: this.objects.listXml(query, this.pageSize) };
    if (method === 'GET' || method === 'HEAD') return this.get(key, headers);
    throw new FakeS3Refusal(405, 'MethodNotAllowed');
  }

  private put(key: string, { headers }: SignedParts, body: Buffer): Answer {
    const bytes = objectOf(headers, body);
    this.beforePut?.();
    this.beforePut = null;
    const { etag } = this.objects.put(key, bytes, headers['if-match']);
    return { status: 200, headers: { etag } };
  }

  private get(key: string, headers: SignedParts['headers']): Answer {
    const { bytes, etag, storedAt } = this.objects.get(key);
    const found = { etag, 'last-modified': storedAt.toUTCString() };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
    if (from !== undefined) {
      if (Number(from) >= bytes.length) throw new FakeS3Refusal(416, 'InvalidRange');
      const body = bytes.subarray(Number(from), Number(to) + 1);
      return { status: 206, headers: { ...found, 'content-range': `bytes ${from}-${to}/${bytes.length}` }, body };
    }
    const isAsked = headers['x-amz-checksum-mode'] === 'ENABLED';
    return {
      status: 200,
      headers: { ...found, ...(isAsked && { 'x-amz-checksum-crc32': crc32Base64(bytes) }) },
      body: bytes,
    };
  }
}

function send(
  response: ServerResponse,
  { status, headers = {}, body = '' }: Answer,
  fault?: 'stall' | 'cut' | 'flip',
): void {
  const bytes = Buffer.from(body);
  if (fault === 'flip') bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': bytes.length });
  if (response.req.method === 'HEAD') return void response.end();
  if (fault !== 'cut' && fault !== 'stall') return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length - 1), () => {
    if (fault === 'cut') response.destroy();
  });
}
