import { Clock, SystemClock } from '@app/kernel';
import type { Redis } from 'ioredis';
import { GIVE_BACK_SCRIPT, HIT_SCRIPT } from './hit-script';
import { SlidingWindows, type WindowLimit, type WindowState } from './sliding-windows';
import { gridOf, wholeSeconds } from './window-grid';

const HAD_ROOM = 1;
const WARN_NOW = 2;

/** What `defineCommand` adds: the number of keys, the keys, the arguments. */
interface ScriptedRedis {
  hitSlidingWindows(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  giveBackHits(keyCount: number, ...keys: string[]): Promise<unknown>;
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
    redis.defineCommand('giveBackHits', { lua: GIVE_BACK_SCRIPT });
    this.redis = redis as unknown as ScriptedRedis; // ioredis adds the methods at run time
  }

  async hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]> {
    const keys = this.keysOf(group, windows);
    const grids = windows.map(gridOf);
    const numbers = grids.flatMap(({ windowMs, stepMs, limit, nearingAt }) => [windowMs, stepMs, limit, nearingAt]);
    const answer = await this.redis.hitSlidingWindows(keys.length, ...keys, this.aheadMs(), ...numbers);
    if (!Array.isArray(answer) || answer.length !== windows.length) throw new Error('Redis answered something else');
    return windows.map(({ limit }, index) => toState(answer[index], limit));
  }

  async giveBack(group: string, windows: readonly WindowLimit[]): Promise<void> {
    if (windows.length > 0) await this.redis.giveBackHits(windows.length, ...this.keysOf(group, windows));
  }

  private keysOf(group: string, windows: readonly WindowLimit[]): string[] {
    return windows.map(({ key, windowSeconds }) => `${this.prefix}window:{${group}}:${key}:${windowSeconds}`);
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
