import { Clock, SystemClock } from '@app/kernel';
import type { Redis } from 'ioredis';
import { HIT_SCRIPT } from './hit-script';
import { SlidingWindows, type WindowLimit, type WindowState } from './sliding-windows';
import { gridOf, wholeSeconds } from './window-grid';

const HAD_ROOM = 1;
const WARN_NOW = 2;

/** What `defineCommand` adds: the number of keys, the keys, the arguments. */
interface ScriptedRedis {
  hitSlidingWindows(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/**
 * Windows that all nodes share, in Redis or Valkey. The keys of one group carry its name as their hash tag, so that a
 * cluster keeps them on one node, as a script demands. Idle windows expire by themselves.
 */
export class RedisSlidingWindows extends SlidingWindows {
  private readonly redis: ScriptedRedis;

  constructor(
    redis: Redis,
    private readonly prefix = 'cc:',
    /** Redis' time counts; of this clock, only by how much it is ahead of the machine's, which tests move. */
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    // Sent once; afterwards its hash is enough. A Redis that has forgotten it is given it again.
    redis.defineCommand('hitSlidingWindows', { lua: HIT_SCRIPT });
    this.redis = redis as unknown as ScriptedRedis; // ioredis adds the method at run time
  }

  async hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]> {
    const keys = windows.map(({ key, windowSeconds }) => `${this.prefix}window:{${group}}:${key}:${windowSeconds}`);
    const grids = windows.map(gridOf);
    const numbers = grids.flatMap(({ windowMs, stepMs, limit, nearingAt }) => [windowMs, stepMs, limit, nearingAt]);
    const answer = await this.redis.hitSlidingWindows(keys.length, ...keys, this.aheadMs(), ...numbers);
    if (!Array.isArray(answer) || answer.length !== windows.length) throw new Error('Redis answered something else');
    return windows.map(({ limit }, index) => toState(answer[index], limit));
  }

  private aheadMs(): number {
    return this.clock.now().getTime() - Date.now();
  }
}

function toState(answer: unknown, limit: number): WindowState {
  const [count = 0, freesInMs = 0, flags = 0] = Array.isArray(answer) ? answer.map(Number) : [];
  return {
    isAllowed: (flags & HAD_ROOM) !== 0,
    isNearing: (flags & WARN_NOW) !== 0,
    remaining: Math.max(0, limit - count),
    freesInSeconds: wholeSeconds(freesInMs),
  };
}
