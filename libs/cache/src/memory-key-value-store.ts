import { Clock, SystemClock } from '@app/kernel';

import { KeyValueStore, type WindowCount } from './key-value-store';

interface Entry {
  value: string;
  count: number;
  expiresAt: number;
}

/** About 20 MB when full of limits' counters. */
const DEFAULT_MAX_ENTRIES = 100_000;

/**
 * The store of one process. Bounded: when full, expired entries go first and then the oldest, so a flood of made-up
 * keys costs other keys their counters, never the process its memory.
 */
export class MemoryKeyValueStore extends KeyValueStore {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Clock = new SystemClock(),
    private readonly maxEntries = DEFAULT_MAX_ENTRIES,
  ) {
    super();
  }

  async get(key: string): Promise<string | null> {
    return this.find(key)?.value ?? null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.put(key, { value, count: 0, expiresAt: this.now() + ttlSeconds * 1000 });
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }

  async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    const entry = this.find(key) ?? { value: '', count: 0, expiresAt: this.now() + windowSeconds * 1000 };
    if (entry.count === 0) this.put(key, entry);
    entry.count += 1;
    entry.value = String(entry.count);
    return { count: entry.count, resetsInSeconds: Math.max(1, Math.ceil((entry.expiresAt - this.now()) / 1000)) };
  }

  /** Entries held, expired ones included. */
  get size(): number {
    return this.entries.size;
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt > this.now()) return entry;
    this.entries.delete(key);
    return undefined;
  }

  private put(key: string, entry: Entry): void {
    this.entries.delete(key);
    if (this.entries.size >= this.maxEntries) this.makeRoom();
    this.entries.set(key, entry);
  }

  /** A Map keeps the order of insertion, so the first key is the oldest. A tenth at once keeps this rare. */
  private makeRoom(): void {
    const now = this.now();
    for (const [key, entry] of this.entries) if (entry.expiresAt <= now) this.entries.delete(key);
    const target = this.maxEntries - Math.max(1, Math.floor(this.maxEntries / 10));
    for (const key of this.entries.keys()) {
      if (this.entries.size <= target) return;
      this.entries.delete(key);
    }
  }
}
