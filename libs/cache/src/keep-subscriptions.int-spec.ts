import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { connectRedis } from './connect-redis';
import { RedisPubSub } from './redis-pub-sub';
import { describeWithRedis, TEST_REDIS_URL } from './testing/describe-with-redis';

/** A line to Redis that breaks again as soon as channels are asked for, as often as it is told to. */
class BrittleLine {
  private readonly ends = new Set<Socket>();
  private breaks = 0;
  private readonly server: Server = createServer((near) => this.join(near));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** Now, and `again` times before Redis has heard which channels are wanted. */
  break(again: number): void {
    this.breaks = again;
    for (const end of this.ends) end.destroy();
  }

  get isWhole(): boolean {
    return this.breaks === 0;
  }

  close(): void {
    this.break(0);
    this.server.close();
  }

  private join(near: Socket): void {
    const { hostname, port } = new URL(TEST_REDIS_URL);
    const far = connect(Number(port || 6379), hostname);
    for (const end of [near, far]) this.ends.add(end.on('error', () => undefined));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.pipe(near);
    near.on('data', (bytes: Buffer) => {
      const isAsking = /p?subscribe/i.test(bytes.toString('latin1'));
      if (isAsking && this.breaks > 0) {
        this.breaks -= 1;
        near.destroy();
      } else far.write(bytes);
    });
  }
}

describeWithRedis('A node whose line to Redis breaks again and again', () => {
  it('hears everything again once it holds, by channel and by pattern, and does not die of it', async () => {
    const line = new BrittleLine();
    const url = await line.listen();
    const [subscriber, patterns, elsewhere] = [connectRedis(url), connectRedis(url), connectRedis(TEST_REDIS_URL)];
    const prefix = `cc-test:${randomUUID()}:`;
    const node = new RedisPubSub(elsewhere, subscriber, prefix);
    const heard = new Set<string>();
    const deaths: unknown[] = [];
    const onDeath = (error: unknown): void => void deaths.push(error);
    process.on('unhandledRejection', onDeath);
    try {
      for (const channel of ['one', 'two']) await node.subscribe(channel, () => void heard.add(channel));
      const end = await node.subscribe('ended', () => void heard.add('ended'));
      await end();
      await patterns.psubscribe(`${prefix}t*`);
      patterns.on('pmessage', () => void heard.add('pattern'));
      // Both connections share the line: three breaks are more than one for either.
      line.break(3);
      for (let attempt = 0; attempt < 100 && heard.size < 3; attempt += 1) {
        for (const channel of ['one', 'two', 'ended']) await node.publish(channel, 'news');
        await wait(100);
      }
      expect(line.isWhole).toBe(true);
      expect([...heard].sort()).toEqual(['one', 'pattern', 'two']);
      expect(deaths).toEqual([]);
    } finally {
      process.off('unhandledRejection', onDeath);
      for (const connection of [subscriber, patterns, elsewhere]) connection.disconnect();
      line.close();
    }
  });
});
