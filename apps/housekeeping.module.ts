import { SessionSweep } from '@app/auth';
import { KeyValueStore } from '@app/cache';
import { ResumeTokenSweep } from '@app/embeds';
import { Injectable, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

const HOUR_SECONDS = 3_600;
/** Often enough that another node takes over soon when the one whose turn it was is gone. */
const LOOK_EVERY_MS = 60_000;

/** Once an hour, on one node: takes away what has run out. The sweeps may overlap, so a lost claim is no harm. */
@Injectable()
class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Housekeeping');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: KeyValueStore,
    private readonly sessions: SessionSweep,
    private readonly resumeTokens: ResumeTokenSweep,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void (this.running = this.running.then(() => this.look())), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Never rejects: what could not be swept now is there an hour later. */
  private async look(): Promise<void> {
    try {
      const { count } = await this.store.increment('housekeeping', HOUR_SECONDS);
      if (count !== 1) return;
      const swept = { sessions: await this.sessions.run(), resumeTokens: await this.resumeTokens.run() };
      this.logger.log(swept, 'took away what had run out');
    } catch (error) {
      this.logger.warn({ reason: String(error) }, 'could not take away what had run out');
    }
  }
}

/** For the process that does the background work. */
@Module({ providers: [SessionSweep, ResumeTokenSweep, Housekeeping] })
export class HousekeepingModule {}
