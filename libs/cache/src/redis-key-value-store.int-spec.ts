import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { connectRedis } from './connect-redis';
import { RedisKeyValueStore } from './redis-key-value-store';
import { RedisPubSub } from './redis-pub-sub';
import { RedisSlots } from './redis-slots';
import { describeKeyValueStore } from './testing/describe-key-value-store';
import { describePubSub } from './testing/describe-pub-sub';
import { describeSlots } from './testing/describe-slots';
import { describeWithRedis, TEST_REDIS_URL } from './testing/describe-with-redis';

describeWithRedis('Redis', () => {
  describeKeyValueStore('RedisKeyValueStore', async () => {
    const redis = connectRedis(TEST_REDIS_URL);
    return {
      store: new RedisKeyValueStore(redis, `cc-test:${randomUUID()}:`),
      pass: async (seconds) => wait(seconds * 1000),
      close: async () => redis.disconnect(),
    };
  });

  describePubSub('RedisPubSub', async () => {
    const connections = Array.from({ length: 4 }, () => connectRedis(TEST_REDIS_URL));
    const [one, two, three, four] = connections;
    if (!one || !two || !three || !four) throw new Error('four connections were made');
    const prefix = `cc-test:${randomUUID()}:`;
    return {
      here: new RedisPubSub(one, two, prefix),
      there: new RedisPubSub(three, four, prefix),
      close: async () => connections.forEach((connection) => connection.disconnect()),
    };
  });

  describeSlots('RedisSlots', async () => {
    const connections = [connectRedis(TEST_REDIS_URL), connectRedis(TEST_REDIS_URL)] as const;
    const prefix = `cc-test:${randomUUID()}:`;
    return {
      here: new RedisSlots(connections[0], prefix),
      there: new RedisSlots(connections[1], prefix),
      pass: async (seconds) => wait(seconds * 1000),
      close: async () => connections.forEach((connection) => connection.disconnect()),
    };
  });
});

describe('A Redis that is away', () => {
  it('rejects at once where nobody listens', async () => {
    const redis = connectRedis('redis://127.0.0.1:1');
    const started = Date.now();
    await expect(new RedisKeyValueStore(redis).increment('limit:x', 60)).rejects.toThrow();
    expect(Date.now() - started).toBeLessThan(3000);
    redis.disconnect();
  });

  it('rejects instead of hanging where somebody listens and never answers', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const redis = connectRedis(`redis://127.0.0.1:${port}`);
    await expect(new RedisKeyValueStore(redis).get('x')).rejects.toThrow();
    redis.disconnect();
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });
});
