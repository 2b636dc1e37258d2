import { SystemDb } from '@app/database';
import { AppError } from '@app/kernel';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { toProblem } from '@app/http';
import { VisitorRooms } from '../gateway/visitor-rooms';
import { AnswerRunner } from './answer.runner';
import { AnswerStore } from './answer-store';

type ExpiredRow = Awaited<ReturnType<SystemDb['listExpiredAnswers']>>[number];

/** With a lease of 15 s, an answer of a dead process is declared dead within 20 s; the protocol promises 30. */
const INTERVAL_MS = 5_000;

/** Ends the answers of processes that died, tells their visitors, and takes on what was waiting behind them. */
@Injectable()
export class AnswerSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AnswerSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly systemDb: SystemDb,
    private readonly store: AnswerStore,
    private readonly runner: AnswerRunner,
    private readonly rooms: VisitorRooms,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), INTERVAL_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** One sweep at a time; a slow database is not asked twice. Never rejects. */
  sweep(): Promise<void> {
    this.sweeping ??= this.sweepOnce().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  private async sweepOnce(): Promise<void> {
    try {
      for (const expired of await this.systemDb.listExpiredAnswers()) await this.tryToExpire(expired);
    } catch (error) {
      this.logger.warn({ err: error }, 'sweep failed; the next one tries again');
    }
  }

  /** One that cannot be ended now must not keep the others from it. */
  private async tryToExpire(expired: ExpiredRow): Promise<void> {
    try {
      await this.expire(expired);
    } catch (error) {
      const { messageId: answerId } = expired;
      this.logger.warn({ err: error, answerId }, 'answer could not be ended; the next sweep tries again');
    }
  }

  private async expire(expired: ExpiredRow): Promise<void> {
    const dead = await this.store.expire(expired);
    if (!dead) return;
    const { answerId, inReplyTo, visitorId, next } = dead;
    const problem = toProblem(new AppError('answer.failed'));
    this.rooms.emit(visitorId, 'answer-error', { answerId, inReplyTo, problem });
    if (next) this.runner.start(next);
  }
}
