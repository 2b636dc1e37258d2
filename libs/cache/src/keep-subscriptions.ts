import type { Redis } from 'ioredis';

/** What takes a channel or a pattern, and what gives it back. */
const OPPOSITES = { subscribe: 'unsubscribe', psubscribe: 'punsubscribe' } as const;
const KINDS = ['subscribe', 'psubscribe'] as const;

/**
 * Takes the channels of a connection again each time it is ready. ioredis would do so too, but it forgets those that
 * Redis has not confirmed when the connection is lost once more: a node would be deaf from then on, and not know it.
 */
export function keepSubscriptions(redis: Redis): void {
  const wanted: Record<(typeof KINDS)[number], Set<string>> = { subscribe: new Set(), psubscribe: new Set() };
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    for (const take of KINDS) {
      if (command.name === take) for (const name of command.args) wanted[take].add(String(name));
      if (command.name === OPPOSITES[take]) for (const name of command.args) wanted[take].delete(String(name));
    }
    return send(command, stream);
  };
  redis.on('ready', () => {
    for (const take of KINDS) {
      // What fails is taken when the connection is ready the next time.
      if (wanted[take].size > 0) redis[take](...wanted[take]).catch(() => undefined);
    }
  });
}
