/** Lets work of one key happen one after the other in this process, in the order it came; other keys do not wait. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  /** Settles as `work` does; one that fails lets the next begin all the same. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.last.get(key) ?? Promise.resolve()).then(work);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(key, ended);
    void ended.then(() => {
      if (this.last.get(key) === ended) this.last.delete(key);
    });
    return result;
  }

  /** Keys somebody works for or waits on. */
  get size(): number {
    return this.last.size;
  }
}
