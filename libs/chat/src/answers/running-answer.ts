import type { ActiveAnswer } from '@app/chat-protocol';
import { AnswerDraft } from './answer-draft';
import type { AnswerMeter } from './answer-meter';
import type { ClaimedAnswer } from './claimed-answer';

/** Why an answer ends before its time. */
export type EndCause = 'stopped' | 'timeout' | 'lease-lost' | 'server-stopping';

/** One answer being written by this process. */
export class RunningAnswer {
  readonly draft = new AnswerDraft();
  private readonly controller = new AbortController();
  private cause: EndCause | undefined;
  /** Rejects when the answer is ended early, and never resolves. */
  readonly aborted: Promise<never>;

  constructor(
    readonly claim: ClaimedAnswer,
    readonly meter: AnswerMeter,
  ) {
    const { signal } = this.controller;
    this.aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the answer was ended early')), { once: true });
    });
    // It may be ended while nobody is waiting for it.
    this.aborted.catch(() => undefined);
  }

  get id(): string {
    return this.claim.answerId;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why it was ended early; undefined while nobody did. */
  get endCause(): EndCause | undefined {
    return this.cause;
  }

  /** On the visitor's word. */
  stop(): void {
    this.end('stopped');
  }

  /** The first cause stays. */
  end(cause: EndCause): void {
    this.cause ??= cause;
    this.controller.abort();
  }

  /** What a reader who comes now must know. */
  snapshot(): ActiveAnswer {
    const { answerId, questionId: inReplyTo, seq } = this.claim;
    const { text } = this.draft;
    return { answerId, inReplyTo, seq, offset: text.length, text };
  }
}
