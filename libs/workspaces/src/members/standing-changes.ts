import { PubSub } from '@app/cache';
import { type Tx, WorkspaceDb } from '@app/database';
import type { StandingChange } from '@app/http';
import { Injectable, Logger } from '@nestjs/common';

const CHANNEL = 'standing.changed';

/** Tells every node that somebody's role changed or ended, for whoever holds connections of members open. */
@Injectable()
export class StandingChanges {
  private readonly logger = new Logger(StandingChanges.name);

  constructor(
    private readonly db: WorkspaceDb,
    private readonly pubSub: PubSub,
  ) {}

  /** Once the caller's transaction is committed, so that listeners read the new state. */
  publishAfter(tx: Tx, change: StandingChange): void {
    this.db.afterCommit(tx, () => this.publish(change));
  }

  /** @returns ends the subscription */
  subscribe(listener: (change: StandingChange) => void): Promise<() => Promise<void>> {
    // Only this class publishes on the channel, so the shape is known.
    return this.pubSub.subscribe(CHANNEL, (message) => listener(JSON.parse(message) as StandingChange));
  }

  /** Never rejects: the change has been made, and nodes that do not hear of it notice when they look next. */
  private async publish(change: StandingChange): Promise<void> {
    try {
      await this.pubSub.publish(CHANNEL, JSON.stringify(change));
    } catch (error) {
      this.logger.warn({ err: error, ...change }, 'other nodes were not told of a change of role');
    }
  }
}
