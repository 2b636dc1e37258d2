import type { Clock } from '@app/kernel';
import type { EmbedChange } from './embed-changes';

const LOOK_EVERY_MS = 1_000;
/** Beyond that, expiry is noticed by the check of the next event only. */
const MAX_KNOWN = 10_000;

/**
 * Nobody announces that a moment has come. This remembers the next end of each embed this node has to do with, and of its
 * keys, and says so within a second of it: by the product's clock, which may be moved, so there is no timer per embed.
 */
export class EmbedExpiries {
  private readonly next = new Map<string, { change: EmbedChange; at: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onEnd: (change: EmbedChange) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Replaces what was known of the embed. Ends of the past and null, for never, count for nothing. */
  note(change: EmbedChange, ends: readonly (Date | null)[]): void {
    const key = `${change.workspaceId}:${change.embedId}`;
    const now = this.clock.now().getTime();
    const future = ends.flatMap((end) => (end !== null && end.getTime() > now ? [end.getTime()] : []));
    if (future.length === 0) this.next.delete(key);
    else if (this.next.has(key) || this.next.size < MAX_KNOWN) this.next.set(key, { change, at: Math.min(...future) });
  }

  /** Tells of what has ended since the last look. */
  look(): void {
    const now = this.clock.now().getTime();
    for (const [key, { change, at }] of this.next) {
      if (at > now) continue;
      this.next.delete(key);
      this.onEnd(change);
    }
  }
}
