import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '@app/crypto';
import { newId } from '@app/kernel';
import { describeBlobStore } from '../testing/describe-blob-store';
import { MemoryBlobStore } from '../testing/memory-blob-store';
import { EncryptedFolderBlobStore } from './encrypted-folder-blob-store';
import { SealedBlobs } from './sealed-blobs';

const [older, newer] = [
  { kid: 'older', key: Buffer.alloc(32, 7) },
  { kid: 'newer', key: Buffer.alloc(32, 8) },
];
const RING = new KeyRing([older]);
const unreadable = expect.objectContaining({ code: 'data.unreadable' });
const folders: string[] = [];
const sealedFolder = (folder: string, ring: KeyRing): SealedBlobs =>
  new SealedBlobs('files', new EncryptedFolderBlobStore(folder, ring), ring);

async function create(): Promise<{ store: EncryptedFolderBlobStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'customercare-blobs-'));
  folders.push(folder);
  return { store: new EncryptedFolderBlobStore(join(folder, 'blobs'), RING), folder: join(folder, 'blobs') };
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeBlobStore('EncryptedFolderBlobStore', async () => (await create()).store);
describeBlobStore('MemoryBlobStore', async () => new MemoryBlobStore());

describe('EncryptedFolderBlobStore', () => {
  it('writes no readable byte, under UUIDs alone, for its own account only', async () => {
    const { store, folder } = await create();
    const key = { workspaceId: newId(), blobId: newId() };
    await store.put(key, Buffer.from('Refunds take five days'));
    const path = join(folder, key.workspaceId, key.blobId);
    expect(await readdir(folder, { recursive: true })).toEqual([key.workspaceId, join(key.workspaceId, key.blobId)]);
    expect((await readFile(path)).includes('Refunds')).toBe(false);
    expect((await stat(join(folder, key.workspaceId))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('A26 does not open bytes that were changed, moved or cut', async () => {
    const { store, folder } = await create();
    const [one, other] = [newId(), newId()].map((blobId) => ({ workspaceId: newId(), blobId }));
    if (!one || !other) throw new Error('two keys');
    await store.put(one, Buffer.from('one'));
    await store.put(other, Buffer.from('other'));
    const pathOf = (key: typeof one) => join(folder, key.workspaceId, key.blobId);
    await rename(pathOf(one), pathOf(other));
    await expect(store.get(other)).rejects.toEqual(unreadable);
    await store.put(one, Buffer.from('one'));
    const sealed = await readFile(pathOf(one));
    for (let length = 0; length < sealed.length; length += 1) {
      await writeFile(pathOf(one), sealed.subarray(0, length));
      await expect(store.get(one)).rejects.toEqual(unreadable);
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(length) ^ 1, length);
      await writeFile(pathOf(one), flipped);
      await expect(store.get(one)).rejects.toEqual(unreadable);
    }
  });

  it.each(['../../etc/passwd', '..', '', 'a/b', 'A'.repeat(36)])('never makes a path of %j', async (id) => {
    const { store, folder } = await create();
    await expect(store.put({ workspaceId: id, blobId: newId() }, Buffer.from('x'))).rejects.toMatchObject({
      code: 'document.not-found',
    });
    await expect(store.get({ workspaceId: newId(), blobId: id })).rejects.toMatchObject({
      code: 'document.not-found',
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes what a crash left half-written', async () => {
    const { store, folder } = await create();
    const key = { workspaceId: newId(), blobId: newId() };
    await store.put(key, Buffer.from('x'));
    await writeFile(join(folder, key.workspaceId, `${newId()}.${newId()}.tmp`), 'half');
    for await (const found of store.list(new Date('2100-01-01'))) expect(found).toEqual(key);
    expect(await readdir(join(folder, key.workspaceId))).toEqual([key.blobId]);
  });
});

describe('Rotation of the uploaded files', () => {
  const silently = (): void => undefined;

  it('A26 D03 counts by key, seals again with the current key alone, and leaves nothing behind', async () => {
    const { store, folder } = await create();
    const keys = Array.from({ length: 3 }, () => ({ workspaceId: newId(), blobId: newId() }));
    for (const key of keys) await store.put(key, Buffer.from(`text of ${key.blobId}`));
    const blobs = sealedFolder(folder, new KeyRing([newer, older]));
    expect(await blobs.countOld()).toEqual(new Map([['older', 3]]));
    const progress: number[] = [];
    expect(await blobs.rotate((changed) => progress.push(changed))).toEqual({ changed: 3, unreadable: [] });
    expect(progress).toEqual([1, 1, 1]);
    expect(await blobs.countOld()).toEqual(new Map());
    expect(await blobs.rotate(silently)).toEqual({ changed: 0, unreadable: [] });
    const after = new EncryptedFolderBlobStore(folder, new KeyRing([newer]));
    for (const key of keys) expect((await after.get(key)).toString()).toBe(`text of ${key.blobId}`);
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.includes('.tmp'));
    expect(files).toEqual([]);
  });

  it('A26 says which files do not open, changes the others, and touches no upload in progress', async () => {
    const { store, folder } = await create();
    const [good, bad, foreign] = Array.from({ length: 3 }, () => ({ workspaceId: newId(), blobId: newId() }));
    if (!good || !bad || !foreign) throw new Error('three keys');
    for (const key of [good, bad]) await store.put(key, Buffer.from('x'));
    const path = join(folder, bad.workspaceId, bad.blobId);
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    await mkdir(join(folder, foreign.workspaceId));
    await writeFile(join(folder, foreign.workspaceId, foreign.blobId), '%PDF-1.7 never sealed');
    const upload = join(folder, good.workspaceId, `${newId()}.${newId()}.tmp`);
    await writeFile(upload, 'half');
    const blobs = sealedFolder(folder, new KeyRing([newer, older]));
    expect([...(await blobs.countOld())].sort()).toEqual([
      ['', 1],
      ['older', 2],
    ]);
    const { changed, unreadable: named } = await blobs.rotate(silently);
    expect([changed, [...named].sort()]).toEqual([1, [bad.blobId, foreign.blobId].sort()]);
    expect((await readFile(upload)).toString()).toBe('half');
  });

  it('D03 does not bring back what was deleted before it came by', async () => {
    const { store, folder } = await create();
    const key = { workspaceId: newId(), blobId: newId() };
    await store.put(key, Buffer.from('x'));
    const rotating = new EncryptedFolderBlobStore(folder, new KeyRing([newer, older]));
    await rotating.delete(key);
    expect(await rotating.reseal(key)).toBe(false);
    await expect(rotating.get(key)).rejects.toMatchObject({ code: 'document.not-found' });
  });
});
