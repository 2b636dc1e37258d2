/** How long a live region must stay empty for the same text to be said again. */
const GAP_MS = 100;

/** Says things to screen readers through the one polite live region. */
export class Announcer {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: string[] = [];

  constructor(private readonly region: HTMLElement) {}

  readonly say = (text: string): void => {
    this.region.textContent = '';
    this.waiting.push(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.region.textContent = this.waiting.join('\n');
      this.waiting = [];
    }, GAP_MS);
  };

  stop(): void {
    clearTimeout(this.timer);
  }
}
