export { CacheModule } from './cache.module';
export { connectRedis } from './connect-redis';
export { KeyValueStore, type WindowCount } from './key-value-store';
export { MemoryKeyValueStore } from './memory-key-value-store';
export { MemoryPubSub } from './memory-pub-sub';
export { mustReachRedis } from './must-reach-redis';
export { PubSub } from './pub-sub';
export { RedisKeyValueStore } from './redis-key-value-store';
export { RedisPubSub } from './redis-pub-sub';
