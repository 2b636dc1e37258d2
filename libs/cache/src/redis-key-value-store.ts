import type { Redis } from 'ioredis';

import { KeyValueStore, type WindowCount } from './key-value-store';

/** One round trip and atomic: the window starts with the first hit and is never prolonged by later ones. */
const INCREMENT = `
local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('expire', KEYS[1], ARGV[1]) end
return { count, redis.call('pttl', KEYS[1]) }
`;

/** Counters and short-lived values in Redis or Valkey. Each key is used alone, so it also runs on a cluster. */
export class RedisKeyValueStore extends KeyValueStore {
  constructor(
    private readonly redis: Redis,
    private readonly prefix = 'cc:',
  ) {
    super();
  }

  async get(key: string): Promise<string | null> {
    return this.redis.get(this.prefix + key);
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.redis.set(this.prefix + key, value, 'EX', ttlSeconds);
  }

  async delete(key: string): Promise<void> {
    await this.redis.del(this.prefix + key);
  }

  async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    const answer: unknown = await this.redis.eval(INCREMENT, 1, this.prefix + key, windowSeconds);
    const [count, leftMs] = Array.isArray(answer) ? answer.map(Number) : [];
    if (count === undefined || leftMs === undefined) throw new Error('Redis answered a counter with something else');
    return { count, resetsInSeconds: Math.max(1, Math.ceil(leftMs / 1000)) };
  }
}
