import type { ChatProblem, EmbedSession } from '@app/chat-protocol';
import { backoffMs } from './backoff';
import { type Session, SessionRefused } from './session';

export interface SessionKeeperPort {
  /** The session began or was renewed. */
  opened(session: EmbedSession): void;
  /** No session can be had here: unknown or disabled embed, wrong origin, bad identity, or no answer that may be read. */
  unavailable(code?: string): void;
  /** The server wants a pause of this many seconds. */
  paused(problem: ChatProblem, seconds: number): void;
  /** It did not work this time and is tried again. */
  waiting(): void;
}

const DEFAULT_PAUSE_SECONDS = 10;
/** A refusal to a wrong origin cannot be told from a dead network, so after this many failures the widget gives up. */
const MAX_NETWORK_FAILURES = 4;

/** Gets a session when one is wanted, renews it before it ends, and tries again when that fails. */
export class SessionKeeper {
  private readonly gone = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private renewAt = Infinity;
  private isOpening = false;
  private failures = 0;

  constructor(
    private readonly session: Session,
    private readonly port: SessionKeeperPort,
  ) {}

  /** Asks for a session now, or for a new one. */
  async open(): Promise<void> {
    if (this.isOpening) return;
    this.isOpening = true;
    clearTimeout(this.timer);
    try {
      const session = await this.session.open(this.gone.signal);
      this.failures = 0;
      const now = Date.now();
      const delay = this.session.renewInMs(now);
      this.renewAt = now + delay;
      this.again(delay);
      this.port.opened(session);
    } catch (error) {
      if (!this.gone.signal.aborted) this.failed(error);
    } finally {
      this.isOpening = false;
    }
  }

  /** Opens the session again after a pause that grows while it keeps being refused elsewhere. */
  openLater(attempt: number): void {
    this.again(attempt ? backoffMs(attempt, Math.random()) : 0);
  }

  /** Timers sleep while a tab or a laptop does: call this when it is awake again. */
  wake(): void {
    if (this.failures || Date.now() > this.renewAt) void this.open();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  destroy(): void {
    this.stop();
    this.gone.abort();
  }

  private failed(error: unknown): void {
    this.failures++;
    const problem = error instanceof SessionRefused ? error.problem : undefined;
    if (problem?.status === 429) {
      const seconds = problem.retryAfterSeconds ?? DEFAULT_PAUSE_SECONDS;
      this.port.paused(problem, seconds);
      return this.again(seconds * 1000);
    }
    const isFinal = problem ? problem.status < 500 : navigator.onLine && this.failures >= MAX_NETWORK_FAILURES;
    if (isFinal) return this.port.unavailable(problem?.code);
    this.port.waiting();
    this.again(backoffMs(this.failures, Math.random()));
  }

  private again(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), delayMs);
  }
}
