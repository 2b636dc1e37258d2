import type { KeyValueStore } from '@app/cache';
import type { SecretBox } from '@app/crypto';

import { IdempotencyRecords, type IdempotencyState, type StoredAnswer } from './idempotency-records';

interface IdempotencyRecord {
  fingerprint: string;
  /** Undefined while the request is still being carried out. */
  answer?: StoredAnswer;
}

/** Longer than any request may take (30 s to send it, and its work). */
const CLAIM_SECONDS = 120;
/** What clients know from other APIs. */
const KEEP_SECONDS = 24 * 60 * 60;

/**
 * Records in the shared store. Answers are sealed: they can hold what is shown once (an embed key), and the store is
 * no place for secrets.
 */
export class KeyValueIdempotencyRecords extends IdempotencyRecords {
  constructor(
    private readonly store: KeyValueStore,
    private readonly box: SecretBox,
  ) {
    super();
  }

  /** The claim is taken before the record is read: of two requests at once one gets count 1, whatever the other reads. */
  async start(key: string, fingerprint: string): Promise<IdempotencyState> {
    const { count } = await this.store.increment(this.claimOf(key), CLAIM_SECONDS);
    const record = await this.read(key);
    if (record && record.fingerprint !== fingerprint) return { kind: 'key-reused' };
    if (record?.answer) return { kind: 'answered', answer: record.answer };
    if (count > 1) return { kind: 'in-progress' };
    await this.write(key, { fingerprint }, CLAIM_SECONDS);
    return { kind: 'started' };
  }

  async complete(key: string, fingerprint: string, answer: StoredAnswer): Promise<void> {
    await this.write(key, { fingerprint, answer }, KEEP_SECONDS);
  }

  async abandon(key: string): Promise<void> {
    await this.store.delete(this.recordOf(key));
    await this.store.delete(this.claimOf(key));
  }

  private claimOf(key: string): string {
    return `idempotency:claim:${key}`;
  }

  private recordOf(key: string): string {
    return `idempotency:record:${key}`;
  }

  private async read(key: string): Promise<IdempotencyRecord | null> {
    const sealed = await this.store.get(this.recordOf(key));
    if (sealed === null) return null;
    const opened = this.box.open(Buffer.from(sealed, 'base64'), key);
    // Sealed by write() below: nobody else has the key.
    return JSON.parse(opened.toString()) as IdempotencyRecord;
  }

  private async write(key: string, record: IdempotencyRecord, ttlSeconds: number): Promise<void> {
    const sealed = this.box.seal(Buffer.from(JSON.stringify(record)), key);
    await this.store.set(this.recordOf(key), sealed.toString('base64'), ttlSeconds);
  }
}
