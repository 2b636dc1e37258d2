import type { TabStore } from './tab-store';

/** A message on its way to the server. The id stays the same over every retry, so the server stores it once. */
export interface OutboxItem {
  clientMessageId: string;
  text: string;
  /** Milliseconds since 1970. */
  writtenAt: number;
}

/** After a day nobody waits for the answer any more. */
const MAX_AGE_MS = 24 * 3600 * 1000;
const KEY = 'outbox';

/**
 * Messages not yet acknowledged, oldest first, kept over page loads. Tabs share the store: each change reads it anew, so
 * one tab does not erase what another wrote. Two tabs may send the same message; the server stores it once.
 */
export class Outbox {
  private items: OutboxItem[];

  constructor(
    private readonly store: TabStore,
    private readonly now: () => number,
    private readonly newId: () => string,
  ) {
    this.items = this.stored().filter((item) => this.now() - item.writtenAt < MAX_AGE_MS);
  }

  get all(): readonly OutboxItem[] {
    return this.items;
  }

  get first(): OutboxItem | undefined {
    return this.items[0];
  }

  add(text: string): OutboxItem {
    const item = { clientMessageId: this.newId(), text, writtenAt: this.now() };
    this.items.push(item);
    this.write([...this.stored(), item]);
    return item;
  }

  remove({ clientMessageId }: OutboxItem): void {
    const isOther = (item: OutboxItem): boolean => item.clientMessageId !== clientMessageId;
    this.items = this.items.filter(isOther);
    this.write(this.stored().filter(isOther));
  }

  clear(): void {
    this.items = [];
    this.write([]);
  }

  private write(items: OutboxItem[]): void {
    if (items.length) this.store.set(KEY, JSON.stringify(items));
    else this.store.remove(KEY);
  }

  private stored(): OutboxItem[] {
    try {
      const items: unknown = JSON.parse(this.store.get(KEY) ?? '[]');
      return Array.isArray(items) ? items.filter(isOutboxItem) : [];
    } catch {
      return [];
    }
  }
}

/** The page's own scripts can write to the store, so its content is checked. */
function isOutboxItem(value: unknown): value is OutboxItem {
  // Reading properties of an object of unknown shape.
  const item = value as Partial<OutboxItem> | null;
  return (
    typeof item?.clientMessageId === 'string' && typeof item.text === 'string' && typeof item.writtenAt === 'number'
  );
}
