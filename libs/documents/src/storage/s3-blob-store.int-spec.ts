import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { KeyRing } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { describeBlobStore } from '../testing/describe-blob-store';
import { FakeS3 } from '../testing/fake-s3';
import { FakeS3Refusal } from '../testing/fake-s3-refusal';
import type { BlobKey } from './blob-key';
import { EncryptedFolderBlobStore } from './encrypted-folder-blob-store';
import { S3BlobStore } from './s3-blob-store';
import type { S3Limits } from './s3-client';
import { SealedBlobs } from './sealed-blobs';

const [older, newer] = [
  { kid: 'older', key: Buffer.alloc(32, 7) },
  { kid: 'newer', key: Buffer.alloc(32, 8) },
];
const RING = new KeyRing([older]);
/** Long enough for an answer of this machine, short enough to wait for. */
const SHORT: S3Limits = { connectMs: 500, idleMs: 300, totalMs: 5_000, maxBytes: 1_000_000 };
const AWAY = { code: 'service.unavailable' };
const UNREADABLE = { code: 'data.unreadable' };
const FUTURE = new Date('2100-01-01T00:00:00Z');

let fake: FakeS3;
const opened: S3BlobStore[] = [];
async function open(settings = {}, ring = RING, limits = SHORT): Promise<S3BlobStore> {
  const store = await S3BlobStore.open({ ...fake.config, ...settings }, ring, limits);
  opened.push(store);
  return store;
}
const newKey = (): BlobKey => ({ workspaceId: newId(), blobId: newId() });
const placeOf = ({ workspaceId, blobId }: BlobKey): string => `cc/blobs/${workspaceId}/${blobId}`;
async function listed(store: S3BlobStore): Promise<BlobKey[]> {
  const keys: BlobKey[] = [];
  for await (const key of store.list(FUTURE)) keys.push(key);
  return keys;
}

beforeEach(async () => {
  fake = await FakeS3.start();
});
afterEach(async () => {
  for (const store of opened.splice(0)) store.onModuleDestroy();
  await fake.stop();
});

describeBlobStore('S3BlobStore', () => open());

describe('S3BlobStore', () => {
  it('A26 stores no readable byte, under UUIDs below its prefix alone', async () => {
    const store = await open();
    const key = newKey();
    await store.put(key, Buffer.from('Refunds take five days'));
    expect(fake.objects.keys()).toEqual([placeOf(key)]);
    expect(fake.objects.get(placeOf(key)).bytes.includes('Refunds')).toBe(false);
  });

  it('A26 does not open bytes that were changed, moved or cut in the store', async () => {
    const store = await open();
    const one = newKey();
    const neighbour = { ...one, blobId: newId() };
    const elsewhere = { ...one, workspaceId: newId() };
    for (const key of [one, neighbour, elsewhere]) await store.put(key, Buffer.from('x'));
    const { bytes } = fake.objects.get(placeOf(one));
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    for (const [key, wrong] of [
      [neighbour, bytes],
      [elsewhere, bytes],
      [one, flipped],
      [one, bytes.subarray(0, -1)],
      [one, Buffer.alloc(0)],
    ] as const) {
      fake.objects.put(placeOf(key), wrong);
      await expect(store.get(key)).rejects.toMatchObject(UNREADABLE);
    }
  });

  it.each(['../../etc/passwd', '..', '', 'a/b', 'A'.repeat(36)])('never makes a key of %j', async (id) => {
    const store = await open();
    const gone = { code: 'document.not-found' };
    await expect(store.put({ workspaceId: id, blobId: newId() }, Buffer.from('x'))).rejects.toMatchObject(gone);
    await expect(store.get({ workspaceId: newId(), blobId: id })).rejects.toMatchObject(gone);
    await expect(store.delete({ workspaceId: newId(), blobId: id })).rejects.toMatchObject(gone);
    expect(fake.requests).toEqual([]);
  });

  it('lists page by page, and only what is a blob below its own prefix', async () => {
    const store = await open();
    fake.pageSize = 2;
    const keys = Array.from({ length: 5 }, newKey);
    for (const key of keys) await store.put(key, Buffer.from('x'));
    for (const path of [
      'cc/blobs/readme',
      `cc/blobs-${newId()}/${newId()}`,
      `cc/blobs/${newId()}/a/b`,
      `cc/blobsy/${newId()}/${newId()}`,
    ]) {
      fake.objects.put(path, Buffer.from('x'));
    }
    const found = await listed(store);
    expect(found).toHaveLength(5);
    expect(found).toEqual(expect.arrayContaining(keys));
    expect(fake.requests.filter((request) => request === 'GET /blue-kettle/').length).toBe(4);
  });

  it('signs with its settings alone, and a store with another secret refuses it', async () => {
    const store = await open({ secretAccessKey: 'another' });
    const failure = await store.put(newKey(), Buffer.from('x')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ ...AWAY, cause: { name: 'SignatureDoesNotMatch' } });
    expect(fake.objects.keys()).toEqual([]);
  });

  it('takes no more into memory than a file can have', async () => {
    const store = await open({}, RING, { ...SHORT, maxBytes: 200_000 });
    const key = newKey();
    await store.put(key, Buffer.alloc(199_000));
    expect(await store.get(key)).toHaveLength(199_000);
    await store.put(key, Buffer.alloc(200_000));
    await expect(store.get(key)).rejects.toMatchObject(UNREADABLE);
  });

  it('opens what the folder kept, copied as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'customercare-blobs-'));
    try {
      const key = newKey();
      await new EncryptedFolderBlobStore(folder, RING).put(key, Buffer.from('Refunds'));
      fake.objects.put(placeOf(key), await readFile(join(folder, key.workspaceId, key.blobId)));
      expect((await (await open()).get(key)).toString()).toBe('Refunds');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('keeps out what the environment would tell the client', async () => {
    const planted = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };
    const before = { ...process.env };
    Object.assign(process.env, planted, {
      AWS_REGION: 'nowhere-1',
      AWS_MAX_ATTEMPTS: '9',
      AWS_USE_FIPS_ENDPOINT: 'true',
    });
    try {
      const store = await open();
      const key = newKey();
      await store.put(key, Buffer.from('x'));
      expect(fake.objects.keys()).toEqual([placeOf(key)]);
      fake.requests.splice(0);
      fake.fail(new FakeS3Refusal(500, 'InternalError'), 9);
      await expect(store.get(key)).rejects.toMatchObject(AWAY);
      expect(fake.requests).toHaveLength(3);
    } finally {
      process.env = before;
    }
  });

  it('does without checksums where the store does not know them', async () => {
    fake.knowsChecksums = false;
    const key = newKey();
    await expect((await open()).put(key, Buffer.from('x'))).rejects.toMatchObject(AWAY);
    const store = await open({ hasChecksums: false });
    await store.put(key, Buffer.from('x'));
    expect((await store.get(key)).toString()).toBe('x');
  });
});

describe('A store that speaks S3 and fails', () => {
  it.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
  ])('is asked again after %d %s', async (status, code) => {
    const store = await open();
    const key = newKey();
    fake.fail(new FakeS3Refusal(status, code), 2);
    await store.put(key, Buffer.from('x'));
    fake.fail(new FakeS3Refusal(status, code), 2);
    expect((await store.get(key)).toString()).toBe('x');
    expect(fake.requests).toHaveLength(6);
  });

  it.each([
    [500, 'InternalError'],
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
  ])('is away when it keeps saying %d %s, and no file is taken for gone', async (status, code) => {
    const store = await open();
    for (const work of [
      () => store.put(newKey(), Buffer.from('x')),
      () => store.get(newKey()),
      () => store.delete(newKey()),
      () => listed(store),
    ]) {
      fake.faults.splice(0);
      fake.fail(new FakeS3Refusal(status, code), 3);
      await expect(work()).rejects.toMatchObject(AWAY);
    }
  });

  it('is away when it says nothing, within the time it has', async () => {
    const store = await open();
    fake.fail('hang', 3);
    const startedAt = Date.now();
    await expect(store.put(newKey(), Buffer.from('x'))).rejects.toMatchObject(AWAY);
    expect(Date.now() - startedAt).toBeLessThan(SHORT.totalMs);
    expect(fake.requests).toHaveLength(3);
  });

  it.each(['hang', 'stall'] as const)('is away after a %s that is longer than everything may take', async (fault) => {
    const store = await open({}, RING, { ...SHORT, idleMs: 60_000, totalMs: 300 });
    const key = newKey();
    await store.put(key, Buffer.from('x'));
    fake.fail(fault);
    await expect(store.get(key)).rejects.toMatchObject(AWAY);
  });

  it('is away when nobody listens', async () => {
    const store = await open();
    await fake.stop();
    await expect(store.put(newKey(), Buffer.from('x'))).rejects.toMatchObject(AWAY);
    await expect(store.get(newKey())).rejects.toMatchObject(AWAY);
    await expect(store.delete(newKey())).rejects.toMatchObject(AWAY);
    await expect(listed(store)).rejects.toMatchObject(AWAY);
  });

  it.each(['cut', 'flip'] as const)(
    'is away when a body is %s on its way, and has the file afterwards',
    async (fault) => {
      const store = await open();
      const key = newKey();
      await store.put(key, Buffer.from('Refunds'));
      fake.fail(fault);
      await expect(store.get(key)).rejects.toMatchObject(AWAY);
      expect((await store.get(key)).toString()).toBe('Refunds');
    },
  );

  it('never shows a secret or a byte in what it throws', async () => {
    const store = await open();
    fake.fail(new FakeS3Refusal(500, 'InternalError'), 3);
    const failure = await store.put(newKey(), Buffer.from('Refunds')).catch((error: unknown) => error);
    const told = inspect(failure, { depth: 20, showHidden: true });
    expect(told).toContain('InternalError');
    expect(told).not.toMatch(/planted|Refunds/);
  });
});

describe('Rotation of the uploaded files in S3', () => {
  const silently = (): void => undefined;
  const rotating = async (): Promise<[S3BlobStore, SealedBlobs]> => {
    const ring = new KeyRing([newer, older]);
    const store = await open({}, ring);
    return [store, new SealedBlobs('files', store, ring)];
  };

  it('A26 D03 counts by key, seals again with the current key alone', async () => {
    fake.pageSize = 2;
    const store = await open();
    const keys = Array.from({ length: 3 }, newKey);
    for (const key of keys) await store.put(key, Buffer.from(`text of ${key.blobId}`));
    const [, blobs] = await rotating();
    expect(await blobs.countOld()).toEqual(new Map([['older', 3]]));
    expect(await blobs.rotate(silently)).toEqual({ changed: 3, unreadable: [] });
    expect(await blobs.countOld()).toEqual(new Map());
    const after = await open({}, new KeyRing([newer]));
    for (const key of keys) expect((await after.get(key)).toString()).toBe(`text of ${key.blobId}`);
  });

  it('A26 says which files do not open, and changes the others', async () => {
    const store = await open();
    const [good, bad, foreign, empty] = [newKey(), newKey(), newKey(), newKey()];
    for (const key of [good, bad]) await store.put(key, Buffer.from('x'));
    fake.objects.put(placeOf(bad), fake.objects.get(placeOf(bad)).bytes.subarray(0, -1));
    fake.objects.put(placeOf(foreign), Buffer.from('%PDF-1.7 never sealed, and longer than a head'));
    fake.objects.put(placeOf(empty), Buffer.alloc(0));
    const [, blobs] = await rotating();
    expect([...(await blobs.countOld())].sort()).toEqual([
      ['', 2],
      ['older', 2],
    ]);
    const { changed, unreadable } = await blobs.rotate(silently);
    expect([changed, [...unreadable].sort()]).toEqual([1, [bad.blobId, foreign.blobId, empty.blobId].sort()]);
  });

  it('D03 overwrites nothing newer, and brings nothing back', async () => {
    const store = await open();
    const [replaced, deleted] = [newKey(), newKey()];
    for (const key of [replaced, deleted]) await store.put(key, Buffer.from('old'));
    const newerBytes = fake.objects.get(placeOf(replaced)).bytes;
    await store.put(replaced, Buffer.from('new'));
    const latest = fake.objects.get(placeOf(replaced)).bytes;
    fake.objects.put(placeOf(replaced), newerBytes);
    const [resealing] = await rotating();
    fake.beforePut = () => fake.objects.put(placeOf(replaced), latest);
    expect(await resealing.reseal(replaced)).toBe(false);
    expect((await resealing.get(replaced)).toString()).toBe('new');
    fake.beforePut = () => fake.objects.delete(placeOf(deleted));
    expect(await resealing.reseal(deleted)).toBe(false);
    await expect(resealing.get(deleted)).rejects.toMatchObject({ code: 'document.not-found' });
  });

  it('stops when the store is away, instead of saying that all is done', async () => {
    const store = await open();
    await store.put(newKey(), Buffer.from('x'));
    const [resealing, blobs] = await rotating();
    jest.spyOn(resealing, 'reseal').mockRejectedValueOnce(new AppError('service.unavailable'));
    await expect(blobs.rotate(silently)).rejects.toMatchObject(AWAY);
    await fake.stop();
    await expect(blobs.countOld()).rejects.toMatchObject(AWAY);
  });
});
