import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { connectRedis } from './connect-redis';

/** The two connections of one process, closed with it. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  readonly commands: Redis;
  readonly subscriptions: Redis;

  constructor(url: string) {
    this.commands = connectRedis(url);
    this.subscriptions = connectRedis(url);
  }

  onApplicationShutdown(): void {
    this.commands.disconnect();
    this.subscriptions.disconnect();
  }
}
