import { MemoryKeyValueStore } from '@app/cache';
import { SecretBox } from '@app/crypto';
import { FakeClock } from '@app/kernel/testing';

import { KeyValueIdempotencyRecords } from './key-value-idempotency-records';

describe('KeyValueIdempotencyRecords', () => {
  let clock: FakeClock;
  let store: MemoryKeyValueStore;
  let records: KeyValueIdempotencyRecords;
  const answer = { status: 201, body: { embedKey: 'cc_pub_once' }, location: '/v1/embeds/1' };

  beforeEach(() => {
    clock = new FakeClock();
    store = new MemoryKeyValueStore(clock);
    records = new KeyValueIdempotencyRecords(store, new SecretBox(Buffer.alloc(32, 1)));
  });

  it('starts once, is in progress, and then answers for 24 hours', async () => {
    expect(await records.start('k', 'f')).toEqual({ kind: 'started' });
    expect(await records.start('k', 'f')).toEqual({ kind: 'in-progress' });
    await records.complete('k', 'f', answer);
    expect(await records.start('k', 'f')).toEqual({ kind: 'answered', answer });
    clock.advance(24 * 60 * 60 - 1);
    expect(await records.start('k', 'f')).toEqual({ kind: 'answered', answer });
    clock.advance(24 * 60 * 60);
    expect(await records.start('k', 'f')).toEqual({ kind: 'started' });
  });

  it('refuses another request under the same key, while it runs and afterwards', async () => {
    await records.start('k', 'f');
    expect(await records.start('k', 'other')).toEqual({ kind: 'key-reused' });
    await records.complete('k', 'f', answer);
    expect(await records.start('k', 'other')).toEqual({ kind: 'key-reused' });
  });

  it('lets a failed request be tried again', async () => {
    await records.start('k', 'f');
    await records.abandon('k');
    expect(await records.start('k', 'f')).toEqual({ kind: 'started' });
  });

  it('gives up a claim nobody finished after two minutes', async () => {
    await records.start('k', 'f');
    clock.advance(119);
    expect(await records.start('k', 'f')).toEqual({ kind: 'in-progress' });
    clock.advance(1);
    expect(await records.start('k', 'f')).toEqual({ kind: 'started' });
  });

  it('keeps nothing readable in the store', async () => {
    await records.start('k', 'f');
    await records.complete('k', 'f', answer);
    const kept = (await store.get('idempotency:record:k')) ?? '';
    expect(kept).not.toBe('');
    expect(Buffer.from(kept, 'base64').toString('latin1')).not.toContain('cc_pub_once');
  });
});
