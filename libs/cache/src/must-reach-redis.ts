import { CacheStartError } from './cache-start-error';
import { connectRedis } from './connect-redis';

/**
 * For the start of a process: later Redis may come and go, but a wrong address or login never heals by itself.
 *
 * @param url null when no Redis is configured, which is fine
 * @throws CacheStartError
 */
export async function mustReachRedis(url: string | null): Promise<void> {
  if (url === null) return;
  const redis = connectRedis(url, { lazyConnect: true });
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    throw new CacheStartError(cause);
  } finally {
    redis.disconnect();
  }
}
