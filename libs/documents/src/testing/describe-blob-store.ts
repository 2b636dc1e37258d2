import { newId } from '@app/kernel';
import type { BlobKey } from '../storage/blob-key';
import type { BlobStore } from '../storage/blob-store';

const FUTURE = new Date('2100-01-01T00:00:00Z');

/** What every `BlobStore` promises. `create` makes an empty one. */
export function describeBlobStore(name: string, create: () => Promise<BlobStore>): void {
  describe(`${name} as a blob store`, () => {
    let store: BlobStore;
    const key = (): BlobKey => ({ workspaceId: newId(), blobId: newId() });
    const listed = async (before: Date): Promise<BlobKey[]> => {
      const keys: BlobKey[] = [];
      for await (const found of store.list(before)) keys.push(found);
      return keys;
    };

    beforeEach(async () => {
      store = await create();
    });

    it('gives back what was put, byte by byte', async () => {
      const [one, other] = [key(), key()];
      await store.put(one, Buffer.from([0, 1, 2, 255]));
      await store.put(other, Buffer.alloc(0));
      expect(await store.get(one)).toEqual(Buffer.from([0, 1, 2, 255]));
      expect(await store.get(other)).toEqual(Buffer.alloc(0));
    });

    it('replaces what was put under the same key', async () => {
      const place = key();
      await store.put(place, Buffer.from('first'));
      await store.put(place, Buffer.from('second'));
      expect((await store.get(place)).toString()).toBe('second');
    });

    it('knows nothing of other workspaces', async () => {
      const place = key();
      await store.put(place, Buffer.from('ours'));
      const elsewhere = { ...place, workspaceId: newId() };
      await expect(store.get(elsewhere)).rejects.toMatchObject({ code: 'document.not-found' });
      await store.delete(elsewhere);
      expect((await store.get(place)).toString()).toBe('ours');
    });

    it('deletes, and does not mind when there is nothing', async () => {
      const place = key();
      await store.put(place, Buffer.from('gone'));
      await store.delete(place);
      await store.delete(place);
      await expect(store.get(place)).rejects.toMatchObject({ code: 'document.not-found' });
    });

    it('lists what is older than a time', async () => {
      const places = [key(), key()];
      for (const place of places) await store.put(place, Buffer.from('x'));
      expect(await listed(new Date('2000-01-01T00:00:00Z'))).toEqual([]);
      expect(await listed(FUTURE)).toEqual(expect.arrayContaining(places));
      expect(await listed(FUTURE)).toHaveLength(2);
    });
  });
}
