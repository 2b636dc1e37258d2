import type { CacheConfig } from '@app/config';
import { Clock } from '@app/kernel';
import { type DynamicModule, Global, Module } from '@nestjs/common';

import { KeyValueStore } from './key-value-store';
import { MemoryKeyValueStore } from './memory-key-value-store';
import { MemoryPubSub } from './memory-pub-sub';
import { MemorySlots } from './memory-slots';
import { PubSub } from './pub-sub';
import { RedisConnections } from './redis-connections';
import { RedisKeyValueStore } from './redis-key-value-store';
import { RedisPubSub } from './redis-pub-sub';
import { RedisSlots } from './redis-slots';
import { Slots } from './slots';
import { InsuredSlidingWindows } from './windows/insured-sliding-windows';
import { MemorySlidingWindows } from './windows/memory-sliding-windows';
import { RedisSlidingWindows } from './windows/redis-sliding-windows';
import { SlidingWindows } from './windows/sliding-windows';

/** The application's clock, where there is one; the machine's otherwise. */
const CLOCK = { token: Clock, optional: true };

/** What nodes share, provided everywhere: in Redis when an address is configured, in the process otherwise. */
@Global()
@Module({})
export class CacheModule {
  static forRoot(config: CacheConfig): DynamicModule {
    return {
      module: CacheModule,
      providers:
        config.redisUrl === null ? CacheModule.inMemory() : CacheModule.inRedis(config.redisUrl, config.prefix),
      exports: [KeyValueStore, SlidingWindows, PubSub, Slots],
    };
  }

  private static inMemory(): NonNullable<DynamicModule['providers']> {
    return [
      { provide: KeyValueStore, useFactory: () => new MemoryKeyValueStore() },
      { provide: SlidingWindows, useFactory: (clock?: Clock) => new MemorySlidingWindows(clock), inject: [CLOCK] },
      { provide: PubSub, useFactory: () => new MemoryPubSub() },
      { provide: Slots, useFactory: () => new MemorySlots() },
    ];
  }

  private static inRedis(url: string, prefix: string): NonNullable<DynamicModule['providers']> {
    return [
      { provide: RedisConnections, useFactory: () => new RedisConnections(url) },
      {
        provide: KeyValueStore,
        useFactory: (redis: RedisConnections) => new RedisKeyValueStore(redis.commands, prefix),
        inject: [RedisConnections],
      },
      {
        provide: SlidingWindows,
        useFactory: (redis: RedisConnections, clock?: Clock) =>
          new InsuredSlidingWindows(new RedisSlidingWindows(redis.commands, prefix, clock), clock),
        inject: [RedisConnections, CLOCK],
      },
      {
        provide: PubSub,
        useFactory: (redis: RedisConnections) => new RedisPubSub(redis.commands, redis.subscriptions, prefix),
        inject: [RedisConnections],
      },
      {
        provide: Slots,
        useFactory: (redis: RedisConnections) => new RedisSlots(redis.commands, prefix),
        inject: [RedisConnections],
      },
    ];
  }
}
