/** A start that cannot go on, said to the operator without an address or a password. */
export class CacheStartError extends Error {
  constructor(cause: unknown) {
    super('The Redis in REDIS_URL cannot be reached or refuses this login', { cause });
    this.name = 'CacheStartError';
  }
}
