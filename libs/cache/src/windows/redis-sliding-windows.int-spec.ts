import { randomUUID } from 'node:crypto';

import { FakeClock } from '@app/kernel/testing';

import { connectRedis } from '../connect-redis';
import { describeSlidingWindows } from '../testing/describe-sliding-windows';
import { describeWithRedis, TEST_REDIS_URL } from '../testing/describe-with-redis';
import { RedisSlidingWindows } from './redis-sliding-windows';

/** The windows only take from a clock by how much it is ahead. */
class ClockAhead extends FakeClock {
  private seconds = 0;

  override now(): Date {
    return new Date(Date.now() + this.seconds * 1000);
  }

  override advance(seconds: number): void {
    this.seconds += seconds;
  }
}

describeWithRedis('Redis', () => {
  describeSlidingWindows('RedisSlidingWindows', async () => {
    const connections = [connectRedis(TEST_REDIS_URL), connectRedis(TEST_REDIS_URL)] as const;
    const clock = new ClockAhead();
    const prefix = `cc-test:${randomUUID()}:`;
    return {
      here: new RedisSlidingWindows(connections[0], prefix, clock),
      there: new RedisSlidingWindows(connections[1], prefix, clock),
      pass: (seconds) => clock.advance(seconds),
      now: () => clock.now().getTime(),
      close: async () => connections.forEach((connection) => connection.disconnect()),
    };
  });

  it('keeps a window of a thousand hits small, and none longer than it lasts', async () => {
    const redis = connectRedis(TEST_REDIS_URL);
    const clock = new ClockAhead();
    const prefix = `cc-test:${randomUUID()}:`;
    const windows = new RedisSlidingWindows(redis, prefix, clock);
    for (let step = 0; step < 250; step += 1) {
      await Promise.all(
        Array.from({ length: 4 }, () => windows.hit('w', [{ key: 'v', windowSeconds: 3_600, limit: 1_000 }])),
      );
      clock.advance(14);
    }
    const key = `${prefix}window:{w}:v:3600`;
    expect(await redis.hlen(key)).toBeLessThanOrEqual(103);
    expect(await redis.object('ENCODING', key)).toBe('listpack');
    expect(await redis.pttl(key)).toBeLessThanOrEqual(3_636_000);
    redis.disconnect();
  });

  it('rejects when Redis is away', async () => {
    const redis = connectRedis('redis://127.0.0.1:1');
    const hit = new RedisSlidingWindows(redis).hit('w', [{ key: 'v', windowSeconds: 60, limit: 1 }]);
    await expect(hit).rejects.toThrow();
    redis.disconnect();
  });
});
