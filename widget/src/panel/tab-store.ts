/** What the widget keeps over page loads. */
export interface TabStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/**
 * `localStorage` under the embed's own name. Where the browser refuses it (private windows, blocked site data, a full
 * disk), values live as long as the page.
 */
export class BrowserStore implements TabStore {
  private readonly memory = new Map<string, string>();
  private isRefused = false;

  constructor(private readonly prefix: string) {}

  get(key: string): string | null {
    const remembered = this.memory.get(key) ?? null;
    return this.isRefused ? remembered : this.attempt(() => localStorage.getItem(this.prefix + key), remembered);
  }

  set(key: string, value: string): void {
    this.memory.set(key, value);
    this.attempt(() => localStorage.setItem(this.prefix + key, value), undefined);
  }

  remove(key: string): void {
    this.memory.delete(key);
    this.attempt(() => localStorage.removeItem(this.prefix + key), undefined);
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
