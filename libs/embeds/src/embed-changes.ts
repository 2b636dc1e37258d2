import { PubSub } from '@app/cache';
import { Injectable, Logger } from '@nestjs/common';

const CHANNEL = 'embeds.changed';

export interface EmbedChange {
  workspaceId: string;
  /** null means every embed of the workspace. */
  embedId: string | null;
}

/** Tells every node that an embed's state, origins or texts changed, that it is gone, or that its workspace is suspended. */
@Injectable()
export class EmbedChanges {
  private readonly logger = new Logger(EmbedChanges.name);

  constructor(private readonly pubSub: PubSub) {}

  /**
   * Call after the change was committed: listeners read the new state at once. Never rejects: the change has been made,
   * and nodes that do not hear of it notice within a second of the next event.
   */
  async publish(change: EmbedChange): Promise<void> {
    try {
      await this.pubSub.publish(CHANNEL, JSON.stringify(change));
    } catch (error) {
      this.logger.warn({ err: error, ...change }, 'other nodes were not told of an embed change');
    }
  }

  /** @returns ends the subscription. */
  subscribe(listener: (change: EmbedChange) => void): Promise<() => Promise<void>> {
    // Only this class publishes on the channel, so the shape is known.
    return this.pubSub.subscribe(CHANNEL, (message) => listener(JSON.parse(message) as EmbedChange));
  }
}
