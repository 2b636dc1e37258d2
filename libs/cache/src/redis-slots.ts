import type { Redis } from 'ioredis';

import { type HeldSlot, Slots } from './slots';

/** A sorted set a name: holders, by when their lease ends on Redis's own clock, in milliseconds. */
const TAKE = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[3])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) and not redis.call('zscore', KEYS[1], ARGV[1]) then return 0 end
redis.call('zadd', KEYS[1], now + lease, ARGV[1])
redis.call('pexpire', KEYS[1], lease)
return 1
`;

/** Slots of all nodes in Redis or Valkey. Each key is used alone, so it also runs on a cluster. */
export class RedisSlots extends Slots {
  constructor(
    private readonly redis: Redis,
    private readonly prefix = 'cc:',
  ) {
    super();
  }

  async take(name: string, holder: string, { limit, seconds }: { limit: number; seconds: number }): Promise<boolean> {
    return (await this.redis.eval(TAKE, 1, this.prefix + name, holder, limit, seconds * 1000)) === 1;
  }

  async extend(held: readonly HeldSlot[], seconds: number): Promise<void> {
    const lease = { limit: Number.MAX_SAFE_INTEGER, seconds };
    await Promise.all(held.map(({ name, holder }) => this.take(name, holder, lease)));
  }

  async give(held: readonly HeldSlot[]): Promise<void> {
    await Promise.all(held.map(({ name, holder }) => this.redis.zrem(this.prefix + name, holder)));
  }
}
