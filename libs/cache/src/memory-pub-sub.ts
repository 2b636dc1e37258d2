import { EventEmitter } from 'node:events';

import { PubSub } from './pub-sub';

/** Reaches the listeners of this process. Delivery is never inside `publish`, as it is not with a network between. */
export class MemoryPubSub extends PubSub {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  async publish(channel: string, message: string): Promise<void> {
    setImmediate(() => this.emitter.emit(`channel:${channel}`, message));
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const event = `channel:${channel}`;
    // A function of its own, so that the same listener subscribed twice is two subscriptions.
    const deliver = (message: string): void => listener(message);
    this.emitter.on(event, deliver);
    return async () => {
      this.emitter.off(event, deliver);
    };
  }
}
