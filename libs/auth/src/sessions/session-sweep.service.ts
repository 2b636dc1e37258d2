import { SystemDb, WorkspaceDb } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Session } from './session';

/** How long it stays known why and when a session ended, for whoever looks into a stolen account. */
const KEEP_SECONDS = 7 * 86_400;
const BATCH = 500;

/** Deletes sessions that ended or ran out long ago. */
@Injectable()
export class SessionSweep {
  constructor(
    private readonly systemDb: SystemDb,
    private readonly db: WorkspaceDb,
    private readonly clock: Clock,
  ) {}

  /** In batches, each user's rows as that user. May run on several nodes at once. Says how many it deleted. */
  async run(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEEP_SECONDS * 1000);
    for (let deleted = 0; ;) {
      const batch = await this.systemDb.listEndedSessions(before, BATCH);
      for (const userId of new Set(batch.map((row) => row.userId))) {
        const ids = batch.filter((row) => row.userId === userId).map(({ sessionId }) => sessionId);
        await this.db.runAsUser({ userId }, (tx) => tx.getRepository(Session).delete({ id: In(ids), userId }));
      }
      deleted += batch.length;
      if (batch.length < BATCH) return deleted;
    }
  }
}
