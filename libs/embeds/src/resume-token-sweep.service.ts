import { SystemDb, WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

const BATCH = 500;

/** Deletes resume tokens that ran out: a visitor who comes that late starts anew anyway. */
@Injectable()
export class ResumeTokenSweep {
  constructor(
    private readonly systemDb: SystemDb,
    private readonly db: WorkspaceDb,
    private readonly clock: Clock,
  ) {}

  /** In batches, within each workspace. May run on several nodes at once. Says how many it deleted. */
  async run(): Promise<number> {
    for (let deleted = 0; ;) {
      const batch = await this.systemDb.listExpiredResumeTokens(this.clock.now(), BATCH);
      const workspaces = new Set(batch.map(({ workspaceId }) => workspaceId));
      for (const workspaceId of workspaces) {
        const hashes = batch.filter((row) => row.workspaceId === workspaceId).map(({ tokenHash }) => tokenHash);
        const sql = 'delete from resume_tokens where workspace_id = $1 and token_hash = any ($2)';
        await this.db.run(systemContext(workspaceId), (tx) => tx.query(sql, [workspaceId, hashes]));
      }
      deleted += batch.length;
      if (batch.length < BATCH) return deleted;
    }
  }
}
