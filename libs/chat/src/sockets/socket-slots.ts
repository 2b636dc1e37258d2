/** Counts what is open per key and refuses more than a limit. In this process; each node counts its own. */
export class SocketSlots {
  private readonly open = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** @returns gives the slot back, at most once; null when all are taken */
  acquire(key: string): (() => void) | null {
    const count = this.open.get(key) ?? 0;
    if (count >= this.limit) return null;
    this.open.set(key, count + 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.release(key);
      isHeld = false;
    };
  }

  hasFree(key: string): boolean {
    return (this.open.get(key) ?? 0) < this.limit;
  }

  private release(key: string): void {
    const count = this.open.get(key) ?? 0;
    if (count <= 1) this.open.delete(key);
    else this.open.set(key, count - 1);
  }
}
