import { SystemDb, WorkspaceDb } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 15 * 60_000;
const AT_MOST = 500;

/** Deletes links nobody followed in time, and the registrations that waited for them: an address that was not confirmed is not kept. */
@Injectable()
export class ExpiredLinks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ExpiredLinks.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweepQuietly(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Resolves how many people had something that was over. Several nodes may sweep at once. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const userIds = await this.systemDb.listExpiredAccountLinks(now, AT_MOST);
    for (const userId of userIds) {
      await this.db.runAsUser({ userId }, async (tx) => {
        await tx.query('delete from pending_registrations where id = $1 and expires_at < $2', [userId, now]);
        await tx.query('delete from password_resets where user_id = $1 and expires_at < $2', [userId, now]);
      });
    }
    return userIds.length;
  }

  private async sweepQuietly(): Promise<void> {
    await this.sweep().catch((err: unknown) => this.logger.warn({ err }, 'expired links could not be deleted'));
  }
}
