import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@app/kernel';
import { describeBlobStore } from '../testing/describe-blob-store';
import { MemoryBlobStore } from '../testing/memory-blob-store';
import { EncryptedFolderBlobStore } from './encrypted-folder-blob-store';

const KEY = Buffer.alloc(32, 7);
const folders: string[] = [];
async function create(): Promise<{ store: EncryptedFolderBlobStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'customercare-blobs-'));
  folders.push(folder);
  return { store: new EncryptedFolderBlobStore(join(folder, 'blobs'), KEY), folder: join(folder, 'blobs') };
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeBlobStore('EncryptedFolderBlobStore', async () => (await create()).store);
describeBlobStore('MemoryBlobStore', async () => new MemoryBlobStore());

describe('EncryptedFolderBlobStore', () => {
  it('writes no readable byte, under UUIDs alone, for its own account only', async () => {
    const { store, folder } = await create();
    const key = { workspaceId: newId(), documentId: newId() };
    await store.put(key, Buffer.from('Refunds take five days'));
    const path = join(folder, key.workspaceId, key.documentId);
    expect(await readdir(folder, { recursive: true })).toEqual([
      key.workspaceId,
      join(key.workspaceId, key.documentId),
    ]);
    expect((await readFile(path)).includes('Refunds')).toBe(false);
    expect((await stat(join(folder, key.workspaceId))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does not open bytes that were changed, moved or cut', async () => {
    const { store, folder } = await create();
    const [one, other] = [newId(), newId()].map((documentId) => ({ workspaceId: newId(), documentId }));
    if (!one || !other) throw new Error('two keys');
    await store.put(one, Buffer.from('one'));
    await store.put(other, Buffer.from('other'));
    const pathOf = (key: typeof one) => join(folder, key.workspaceId, key.documentId);
    await rename(pathOf(one), pathOf(other));
    await expect(store.get(other)).rejects.toThrow();
    await store.put(one, Buffer.from('one'));
    await writeFile(pathOf(one), (await readFile(pathOf(one))).subarray(0, 20));
    await expect(store.get(one)).rejects.toThrow();
  });

  it.each(['../../etc/passwd', '..', '', 'a/b', 'A'.repeat(36)])('never makes a path of %j', async (id) => {
    const { store, folder } = await create();
    await expect(store.put({ workspaceId: id, documentId: newId() }, Buffer.from('x'))).rejects.toMatchObject({
      code: 'document.not-found',
    });
    await expect(store.get({ workspaceId: newId(), documentId: id })).rejects.toMatchObject({
      code: 'document.not-found',
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes what a crash left half-written', async () => {
    const { store, folder } = await create();
    const key = { workspaceId: newId(), documentId: newId() };
    await store.put(key, Buffer.from('x'));
    await writeFile(join(folder, key.workspaceId, `${newId()}.${newId()}.tmp`), 'half');
    for await (const found of store.list(new Date('2100-01-01'))) expect(found).toEqual(key);
    expect(await readdir(join(folder, key.workspaceId))).toEqual([key.documentId]);
  });
});
