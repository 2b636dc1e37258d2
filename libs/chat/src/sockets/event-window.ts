import { AppError } from '@app/kernel';

/** Events of any kind one socket may send in a minute; a busy client sends a tenth. */
const MAX_EVENTS_PER_MINUTE = 300;
/** Who sends this many times more, though told to wait, is disconnected. */
const FLOOD_FACTOR = 2;
const MINUTE_MS = 60_000;

/** Counts one socket's events, in memory: a flood must not become a flood of the shared store. */
export class EventWindow {
  private startedAt = 0;
  private count = 0;

  /**
   * @param disconnect called for a flood
   * @throws AppError `limit.messages` with `retryAfterSeconds`
   */
  countEvent(now: Date, disconnect: () => void): void {
    const time = now.getTime();
    const isOver = time - this.startedAt >= MINUTE_MS;
    if (isOver) this.startedAt = time;
    this.count = isOver ? 1 : this.count + 1;
    if (this.count <= MAX_EVENTS_PER_MINUTE) return;
    if (this.count > MAX_EVENTS_PER_MINUTE * FLOOD_FACTOR) disconnect();
    const retryAfterSeconds = Math.max(1, Math.ceil((this.startedAt + MINUTE_MS - time) / 1000));
    throw new AppError('limit.messages', { retryAfterSeconds });
  }
}
