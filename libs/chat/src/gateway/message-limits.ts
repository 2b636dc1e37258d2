import { KeyValueStore, MemoryKeyValueStore, type WindowCount } from '@app/cache';
import { AppError, Clock } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { VisitorRooms } from './visitor-rooms';

const MINUTE = 60;
const HOUR = 3_600;
/** Share of a limit at which its owner is warned. */
const WARNING_SHARE = 0.8;

/** How much one visitor may say, over all sockets and nodes. Counted before the database is asked anything. */
@Injectable()
export class MessageLimits {
  private readonly logger = new Logger(MessageLimits.name);
  /** While the shared store is away each node counts for itself: a lost cache must neither stop nor free anybody. */
  private readonly spare: MemoryKeyValueStore;

  constructor(
    private readonly store: KeyValueStore,
    private readonly options: ChatOptions,
    private readonly rooms: VisitorRooms,
    private readonly clock: Clock,
  ) {
    this.spare = new MemoryKeyValueStore(clock);
  }

  /**
   * Counts one message; at 80 % of the minute's limit the visitor is warned, once.
   * @throws AppError `limit.messages` with `retryAfterSeconds`
   */
  async count(visitorId: string): Promise<void> {
    const { messagesPerMinute, messagesPerHour } = this.options;
    const minute = await this.increment(`limit:messages:minute:${visitorId}`, MINUTE);
    if (minute.count > messagesPerMinute) refuse(minute.resetsInSeconds);
    // Only what the minute let through counts for the hour, so a burst that was refused is not paid for twice.
    const hour = await this.increment(`limit:messages:hour:${visitorId}`, HOUR);
    if (hour.count > messagesPerHour) refuse(hour.resetsInSeconds);
    if (minute.count === Math.ceil(messagesPerMinute * WARNING_SHARE)) this.warn(visitorId, minute);
  }

  private async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    try {
      return await this.store.increment(key, windowSeconds);
    } catch (error) {
      this.logger.warn({ err: error }, 'Messages are counted by this node alone');
      return this.spare.increment(key, windowSeconds);
    }
  }

  private warn(visitorId: string, { count, resetsInSeconds }: WindowCount): void {
    const remaining = this.options.messagesPerMinute - count;
    const resetsAt = new Date(this.clock.now().getTime() + resetsInSeconds * 1000).toISOString();
    this.rooms.emit(visitorId, 'limit-warning', { axis: 'messages', remaining, resetsAt });
  }
}

function refuse(retryAfterSeconds: number): never {
  throw new AppError('limit.messages', { retryAfterSeconds });
}
