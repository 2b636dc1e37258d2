/** What the widget keeps over page loads. */
export interface TabStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/**
 * One of the browser's stores, under a name of its own. Where the browser refuses it (private windows, blocked site
 * data, a full disk), values live as long as the page.
 */
export class BrowserStore implements TabStore {
  private readonly memory = new Map<string, string>();
  private isRefused = false;

  /** @param area asked for at each use: reading `localStorage` itself may throw */
  constructor(
    private readonly prefix: string,
    private readonly area: () => Storage,
  ) {}

  get(key: string): string | null {
    const remembered = this.memory.get(key) ?? null;
    return this.isRefused ? remembered : this.attempt(() => this.area().getItem(this.prefix + key), remembered);
  }

  set(key: string, value: string): void {
    this.memory.set(key, value);
    this.attempt(() => this.area().setItem(this.prefix + key, value), undefined);
  }

  remove(key: string): void {
    this.memory.delete(key);
    this.attempt(() => this.area().removeItem(this.prefix + key), undefined);
  }

  private attempt<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch {
      this.isRefused = true;
      return otherwise;
    }
  }
}
