/** A sentence goes out in pieces of about this size, so that a reader sees the answer grow. */
const MAX_DELTA_CHARS = 48;
/** Figures of the chat protocol: a delta carries at least this many characters … */
const MIN_DELTA_CHARS = 24;
/** … or has waited this long. */
const MAX_WAIT_MS = 30;

/** Coalesces streamed text into deltas with their offsets. Offsets and sizes count UTF-16 units. */
export class DeltaBuffer {
  private pending = '';
  private sent = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly emit: (delta: { offset: number; text: string }) => void) {}

  /** @param text the whole text so far; it only ever grows */
  show(text: string): void {
    this.pending = text.slice(this.sent);
    while (this.pending.length >= MIN_DELTA_CHARS) this.send(cutPosition(this.pending));
    if (this.pending && !this.timer) this.timer = setTimeout(() => this.flush(), MAX_WAIT_MS);
  }

  /** Sends what is waiting, at once. */
  flush(): void {
    while (this.pending) this.send(cutPosition(this.pending));
  }

  /** Forgets what is waiting. */
  discard(): void {
    this.pending = '';
    this.stopTimer();
  }

  private send(length: number): void {
    this.stopTimer();
    const text = this.pending.slice(0, length);
    this.pending = this.pending.slice(length);
    const offset = this.sent;
    this.sent += text.length;
    this.emit({ offset, text });
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** At a space where there is one, and never inside a surrogate pair. */
function cutPosition(text: string): number {
  if (text.length <= MAX_DELTA_CHARS) return text.length;
  const space = text.lastIndexOf(' ', MAX_DELTA_CHARS - 1);
  if (space >= MIN_DELTA_CHARS) return space + 1;
  const last = text.charCodeAt(MAX_DELTA_CHARS - 1);
  return last >= 0xd800 && last <= 0xdbff ? MAX_DELTA_CHARS - 1 : MAX_DELTA_CHARS;
}
