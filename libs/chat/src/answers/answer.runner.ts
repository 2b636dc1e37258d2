import type { AnswerOutcome } from '@app/chat-protocol';
import { toProblem } from '@app/http';
import { AppError } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { VisitorRooms } from '../gateway/visitor-rooms';
import { InboxRooms } from '../inbox/inbox-rooms';
import { AnswerComposer, type Composition } from './answer-composer';
import { AnswerStore } from './answer-store';
import type { ClaimedAnswer } from './claimed-answer';
import { DeltaBuffer } from './delta-buffer';
import type { Provenance } from './provenance';
import type { RunningAnswer } from './running-answer';
import { RunningAnswers } from './running-answers';

interface Ending {
  readonly outcome: AnswerOutcome;
  readonly provenance: Provenance | null;
  /** Set when the outcome is `failed`. */
  readonly error?: AppError;
}

/** Writes answers: independent of any socket, one after the other in a conversation, many conversations at once. */
@Injectable()
export class AnswerRunner implements OnModuleDestroy {
  private readonly logger = new Logger(AnswerRunner.name);
  private readonly inFlight = new Set<Promise<void>>();

  constructor(
    private readonly composer: AnswerComposer,
    private readonly store: AnswerStore,
    private readonly running: RunningAnswers,
    private readonly rooms: VisitorRooms,
    private readonly inbox: InboxRooms,
    private readonly options: ChatOptions,
  ) {}

  /** Returns at once. Runs after the caller's turn, so that an ack leaves before the answer starts. */
  start(claim: ClaimedAnswer): void {
    const answer = this.running.begin(claim);
    const run = new Promise((resolve) => setImmediate(resolve))
      .then(() => this.run(answer))
      .catch((error: unknown) => {
        // The row keeps its lease and the sweeper ends it.
        this.logger.error({ err: error, answerId: answer.id }, 'answer could not be stored');
      })
      .finally(() => {
        this.running.remove(answer);
        this.inFlight.delete(run);
      });
    this.inFlight.add(run);
  }

  /** Ends what is running as failed, so that nobody waits for a lease to run out. */
  async onModuleDestroy(): Promise<void> {
    while (this.inFlight.size > 0) {
      for (const answer of this.running.all()) answer.end('server-stopping');
      await Promise.all(this.inFlight);
    }
  }

  private async run(answer: RunningAnswer): Promise<void> {
    const { answerId, visitorId, questionId: inReplyTo, seq } = answer.claim;
    const deltas = new DeltaBuffer((delta) => this.rooms.emit(visitorId, 'answer-delta', { answerId, ...delta }));
    const stopWatching = this.watch(answer);
    try {
      this.rooms.emit(visitorId, 'answer-start', { answerId, inReplyTo, seq });
      const ending = await this.write(answer, deltas);
      if (answer.endCause === 'lease-lost') return;
      deltas.show(answer.draft.text);
      deltas.flush();
      await this.finish(answer, ending);
    } finally {
      deltas.discard();
      stopWatching();
    }
  }

  private async write(answer: RunningAnswer, deltas: DeltaBuffer): Promise<Ending> {
    const startedAt = performance.now();
    const elapsed = (): number => Math.round(performance.now() - startedAt);
    let firstTextMs: number | undefined;
    try {
      const parts = this.composer.compose(answer);
      // A model that does not listen to the signal must not keep anybody waiting, so each step races it.
      let step = await Promise.race([parts.next(), answer.aborted]);
      while (!step.done) {
        firstTextMs ??= elapsed();
        deltas.show(answer.draft.text);
        step = await Promise.race([parts.next(), answer.aborted]);
      }
      return toEnding(step.value, { totalMs: elapsed(), ...(firstTextMs !== undefined && { firstTextMs }) });
    } catch (error) {
      return this.toEarlyEnding(answer, error);
    }
  }

  private toEarlyEnding(answer: RunningAnswer, error: unknown): Ending {
    if (answer.endCause === 'stopped') return { outcome: 'stopped', provenance: null };
    if (answer.endCause) return { outcome: 'failed', provenance: null, error: new AppError('answer.failed') };
    const isExpected = error instanceof AppError && error.code.startsWith('provider.');
    this.logger[isExpected ? 'warn' : 'error']({ err: error, answerId: answer.id }, 'answer failed');
    return {
      outcome: 'failed',
      provenance: null,
      error: isExpected ? error : new AppError('answer.failed', { cause: error }),
    };
  }

  private async finish(answer: RunningAnswer, { outcome, provenance, error }: Ending): Promise<void> {
    const { answerId, visitorId, questionId: inReplyTo, seq } = answer.claim;
    const { text } = answer.draft;
    const citations = answer.draft.citations();
    const { meter } = answer;
    const finished = { text, citations, outcome, provenance, meter };
    const { createdAt, next, warnings } = await this.store.finish(answer.claim, finished);
    // From here on the row tells the story, not this process.
    this.running.remove(answer);
    if (!createdAt) return;
    this.inbox.tellMessage(answer.claim.workspaceId, answer.claim.conversationId, {
      ...{ id: answerId, seq, author: 'assistant', text, citations, outcome, inReplyTo },
      createdAt: createdAt.toISOString(),
    });
    if (error) this.rooms.emit(visitorId, 'answer-error', { answerId, inReplyTo, problem: toProblem(error) });
    else {
      const end = { answerId, inReplyTo, seq, text, citations, outcome, suggestions: [] };
      this.rooms.emit(visitorId, 'answer-end', end);
    }
    for (const warning of warnings) this.rooms.emit(visitorId, 'limit-warning', warning);
    if (next) this.start(next);
  }

  /** Time limit and heartbeat. @returns ends both */
  private watch(answer: RunningAnswer): () => void {
    const limit = setTimeout(() => answer.end('timeout'), this.options.answerTimeoutSeconds * 1000);
    const beat = setInterval(() => void this.beat(answer), this.store.heartbeatMs);
    return () => {
      clearTimeout(limit);
      clearInterval(beat);
    };
  }

  private async beat(answer: RunningAnswer): Promise<void> {
    try {
      if (!(await this.store.heartbeat(answer.claim, answer.draft.text))) answer.end('lease-lost');
    } catch (error) {
      // Three beats make a lease: one may fail.
      this.logger.warn({ err: error, answerId: answer.id }, 'heartbeat failed');
    }
  }
}

const toEnding = ({ outcome, provenance }: Composition, timings: Provenance['timings']): Ending => ({
  outcome,
  provenance: { ...provenance, timings },
});
