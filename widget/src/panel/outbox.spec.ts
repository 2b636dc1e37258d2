import { Outbox } from './outbox';
import type { TabStore } from './tab-store';

class FakeStore implements TabStore {
  readonly values = new Map<string, string>();
  get(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  set(key: string, value: string): void {
    this.values.set(key, value);
  }
  remove(key: string): void {
    this.values.delete(key);
  }
}

describe('Outbox', () => {
  let store: FakeStore;
  let now: number;
  let ids: number;
  const open = (): Outbox =>
    new Outbox(
      store,
      () => now,
      () => `id-${++ids}`,
    );
  const texts = (outbox: Outbox): string[] => outbox.all.map(({ text }) => text);

  beforeEach(() => {
    store = new FakeStore();
    now = 1_000_000_000_000;
    ids = 0;
  });

  it('survives a page load with the same ids, oldest first', () => {
    const before = open();
    before.add('one');
    before.add('two');
    const after = open();
    expect(after.first).toEqual({ clientMessageId: 'id-1', text: 'one', writtenAt: now });
    expect(texts(after)).toEqual(['one', 'two']);
  });

  it('forgets what was delivered', () => {
    const outbox = open();
    const item = outbox.add('one');
    outbox.remove(item);
    expect([texts(outbox), texts(open()), store.values.size]).toEqual([[], [], 0]);
  });

  it('does not erase what another tab wrote', () => {
    const here = open();
    const item = here.add('from here');
    const there = open();
    there.add('from there');
    here.remove(item);
    expect(texts(open())).toEqual(['from there']);
  });

  it('lets go of what is older than a day', () => {
    open().add('old');
    now += 25 * 3600 * 1000;
    expect(open().first).toBeUndefined();
  });

  it.each(['{', '"text"', 'null', '[1,null,{"text":1}]', '[{"clientMessageId":"a"}]'])(
    'starts empty when the store holds %s',
    (junk) => {
      store.set('outbox', junk);
      expect(open().all).toEqual([]);
    },
  );
});
