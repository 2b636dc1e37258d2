import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { connectRedis } from './connect-redis';

/**
 * No request waits for a subscription, only the start of a process does. Its modules are still being loaded then, and on a
 * busy machine an answer that is there is not read within a second.
 */
const SUBSCRIBE_TIMEOUT_MS = 10_000;

/** The two connections of one process, closed with it. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  readonly commands: Redis;
  readonly subscriptions: Redis;

  constructor(url: string) {
    this.commands = connectRedis(url);
    this.subscriptions = connectRedis(url, { commandTimeout: SUBSCRIBE_TIMEOUT_MS });
  }

  onApplicationShutdown(): void {
    this.commands.disconnect();
    this.subscriptions.disconnect();
  }
}
