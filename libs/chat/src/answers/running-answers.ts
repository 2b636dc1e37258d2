import { PubSub } from '@app/cache';
import type { ActiveAnswer } from '@app/chat-protocol';
import { newId } from '@app/kernel';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AnswerBudget } from './answer-budget';
import type { ClaimedAnswer } from './claimed-answer';
import { RunningAnswer } from './running-answer';

interface SnapshotRequest {
  readonly answerId: string;
  readonly replyTo: string;
}

const STOP = 'answers.stop';
const ASK = 'answers.ask';
const tellChannel = (node: string): string => `answers.tell.${node}`;
/** Redis answers in a millisecond or two; a dead writer never does. */
const SNAPSHOT_TIMEOUT_MS = 250;

/** The answers this process is writing, and the way to those that others are writing. */
@Injectable()
export class RunningAnswers implements OnModuleInit, OnApplicationShutdown {
  private readonly node = newId();
  private readonly running = new Map<string, RunningAnswer>();
  private readonly awaited = new Map<string, Set<(snapshot: ActiveAnswer) => void>>();
  private subscriptions: (() => Promise<void>)[] = [];

  constructor(
    private readonly pubSub: PubSub,
    private readonly budget: AnswerBudget,
  ) {}

  async onModuleInit(): Promise<void> {
    // Only this class publishes on these channels, so the shapes are known.
    this.subscriptions = await Promise.all([
      this.pubSub.subscribe(STOP, (answerId) => this.running.get(answerId)?.stop()),
      this.pubSub.subscribe(ASK, (message) => void this.tell(JSON.parse(message) as SnapshotRequest)),
      this.pubSub.subscribe(tellChannel(this.node), (message) => this.hear(JSON.parse(message) as ActiveAnswer)),
    ]);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.subscriptions.map((end) => end()));
  }

  /** Takes on an answer this process is to write. */
  begin(claim: ClaimedAnswer): RunningAnswer {
    const answer = new RunningAnswer(claim, this.budget.meterOf(claim));
    this.running.set(answer.id, answer);
    return answer;
  }

  remove(answer: RunningAnswer): void {
    this.running.delete(answer.id);
  }

  /** Undefined when it is written elsewhere or has ended. */
  find(answerId: string): RunningAnswer | undefined {
    return this.running.get(answerId);
  }

  all(): RunningAnswer[] {
    return [...this.running.values()];
  }

  /** The caller has checked whose answer it is. */
  async stop(answerId: string): Promise<void> {
    const here = this.running.get(answerId);
    if (here) here.stop();
    else await this.pubSub.publish(STOP, answerId);
  }

  /** The text so far of an answer another node writes; null when nobody says anything in time. */
  async askOthers(answerId: string): Promise<ActiveAnswer | null> {
    const listeners = this.awaited.get(answerId) ?? new Set();
    this.awaited.set(answerId, listeners);
    let timer: NodeJS.Timeout | undefined;
    let listener: ((snapshot: ActiveAnswer) => void) | undefined;
    try {
      const told = new Promise<ActiveAnswer | null>((resolve) => {
        listener = resolve;
        listeners.add(resolve);
        timer = setTimeout(() => resolve(null), SNAPSHOT_TIMEOUT_MS);
      });
      await this.pubSub.publish(ASK, JSON.stringify({ answerId, replyTo: this.node } satisfies SnapshotRequest));
      return await told;
    } catch {
      // The carrier is away; the row's text has to do.
      return null;
    } finally {
      clearTimeout(timer);
      if (listener) listeners.delete(listener);
      if (listeners.size === 0) this.awaited.delete(answerId);
    }
  }

  private async tell({ answerId, replyTo }: SnapshotRequest): Promise<void> {
    const here = this.running.get(answerId);
    // Who asks finds another way, so a reply that cannot be sent is no loss.
    if (here) await this.pubSub.publish(tellChannel(replyTo), JSON.stringify(here.snapshot())).catch(() => undefined);
  }

  private hear(snapshot: ActiveAnswer): void {
    for (const listener of this.awaited.get(snapshot.answerId) ?? []) listener(snapshot);
  }
}
