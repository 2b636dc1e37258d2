import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';

import { keepSubscriptions } from './keep-subscriptions';

/** A command that has not been answered after this long is rejected: a slow store must not hold requests. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Between attempts to connect again: 50 ms, 100 ms, … at most this. */
const MAX_RETRY_DELAY_MS = 2_000;
/** Less than the 300 s after which the shipped redis.conf closes idle clients. */
const KEEP_ALIVE_MS = 60_000;

/**
 * A connection that rejects instead of waiting: while Redis is away, commands fail at once or after a second, and
 * ioredis connects again in the background for as long as it takes, and takes its channels again. A command whose
 * promise nobody holds (ioredis and Socket.IO's adapter send such) may fail without ending the process.
 */
export function connectRedis(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 50, MAX_RETRY_DELAY_MS),
    ...options,
    autoResubscribe: false,
  });
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const sent = send(command, stream);
    // Whoever holds the promise still hears of it.
    if (sent instanceof Promise) sent.catch(() => undefined);
    return sent;
  };
  keepSubscriptions(redis);
  const logger = new Logger('Redis');
  // Without a listener a lost connection would end the process. The message may name the address, never the password.
  redis.on('error', (error: Error) => logger.warn({ reason: error.message }, 'Redis is not reachable'));
  return redis;
}
