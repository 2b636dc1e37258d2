import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { PubSub } from './pub-sub';

type Listener = (message: string) => void;

/** Publish and subscribe through Redis. Channels are taken again after a lost connection (`connectRedis` does that). */
export class RedisPubSub extends PubSub {
  private readonly logger = new Logger(RedisPubSub.name);
  private readonly listeners = new Map<string, Set<Listener>>();

  /**
   * @param publisher may be shared with other commands
   * @param subscriber a connection of its own: Redis allows no other command on it
   */
  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
    private readonly prefix = 'cc:',
  ) {
    super();
    this.subscriber.on('message', (channel: string, message: string) => {
      for (const listener of [...(this.listeners.get(channel) ?? [])]) this.deliver(listener, channel, message);
    });
  }

  /** Others may write to a shared Redis: a message nobody understands must not end the process. */
  private deliver(listener: Listener, channel: string, message: string): void {
    try {
      listener(message);
    } catch (error) {
      this.logger.warn({ channel, reason: String(error) }, 'a message was not understood');
    }
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.publisher.publish(this.prefix + channel, message);
  }

  async subscribe(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const name = this.prefix + channel;
    // A function of its own, so that the same listener subscribed twice is two subscriptions.
    const deliver: Listener = (message) => listener(message);
    const listeners = this.listeners.get(name) ?? new Set<Listener>();
    this.listeners.set(name, listeners.add(deliver));
    const end = async (): Promise<void> => {
      if (!listeners.delete(deliver) || listeners.size > 0) return;
      this.listeners.delete(name);
      // A connection that is gone or going hears nothing any more; there is nobody to tell.
      await this.subscriber.unsubscribe(name).catch(() => undefined);
    };
    try {
      await this.subscriber.subscribe(name);
    } catch (error) {
      listeners.delete(deliver);
      if (listeners.size === 0) this.listeners.delete(name);
      throw error;
    }
    return end;
  }
}
