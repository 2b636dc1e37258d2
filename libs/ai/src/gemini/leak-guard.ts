/** Watches a streamed text for strings that must never appear, even when they are split over several parts. */
export class LeakGuard {
  private held = '';

  /** @param forbidden compared without case. */
  constructor(private readonly forbidden: readonly string[]) {}

  /** What of the text so far may be shown; null as soon as something forbidden appeared. */
  push(text: string): string | null {
    const all = this.held + text;
    const lower = all.toLowerCase();
    if (this.forbidden.some((each) => lower.includes(each))) return null;
    const keep = Math.max(0, ...this.forbidden.map((each) => beginningAtEnd(lower, each)));
    this.held = all.slice(all.length - keep);
    return all.slice(0, all.length - keep);
  }

  /** What was still held back when the text ended. */
  flush(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }
}

/** How many characters at the end of the text are a beginning of the word. */
function beginningAtEnd(text: string, word: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(word.slice(0, length))) return length;
  }
  return 0;
}
