/** Work that is done at once and then again and again; a turn is left out while the one before it runs. */
export class RepeatedWork {
  private readonly timer: NodeJS.Timeout;
  private isRunning = false;

  /** @param onError is told of every turn that failed; the next one comes all the same */
  constructor(
    seconds: number,
    private readonly work: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.turn(), seconds * 1000).unref();
    void this.turn();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async turn(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    await this.work().catch(this.onError);
    this.isRunning = false;
  }
}
