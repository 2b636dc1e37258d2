import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';

import type { ReadinessCheck } from './readiness-check';

export const READINESS_CHECKS = Symbol('READINESS_CHECKS');

/** A load balancer asks every few seconds and gives up after about this long itself. */
const CHECK_TIMEOUT_MS = 2_000;

/** Whether this process should get requests. Says no from the moment it is told to stop. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Readiness.name);
  private isStopping = false;
  private lastMissing = '';

  constructor(@Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[]) {}

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  async isReady(): Promise<boolean> {
    if (this.isStopping) return false;
    const results = await Promise.all(this.checks.map((check) => this.ask(check)));
    const missing = this.checks.filter((_check, index) => !results[index]).map((check) => check.name);
    this.tell(missing.join(', '));
    return missing.length === 0;
  }

  private async ask(check: ReadinessCheck): Promise<boolean> {
    const timer = new AbortController();
    const tooLate = wait(CHECK_TIMEOUT_MS, false, { signal: timer.signal, ref: false }).catch(() => false);
    try {
      return await Promise.race([check.isReady(), tooLate]);
    } catch {
      return false;
    } finally {
      timer.abort();
    }
  }

  /** Only changes: the balancer asks all day. What is missing is for operators, so it is never in the answer. */
  private tell(missing: string): void {
    if (missing === this.lastMissing) return;
    this.lastMissing = missing;
    if (missing === '') this.logger.log('Ready again');
    else this.logger.error({ missing }, 'Not ready');
  }
}
