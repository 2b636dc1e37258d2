import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';

import { BoundedQueue } from './bounded-queue';
import { normalisePassword } from './password-policy';

/** OWASP Password Storage Cheat Sheet, argon2id minimum: m = 19 MiB, t = 2, p = 1. The library's algorithm is argon2id. */
export class PasswordWork {
  constructor(
    readonly memoryKib = 19_456,
    readonly passes = 2,
  ) {}
}

/**
 * Hashing runs on libuv's four threads, which files and name look-ups need too; two leave room. 50 waiting at about
 * 0.1 s each are answered within the five seconds a person waits.
 */
const QUEUE = { concurrency: 2, maxWaiting: 50, retryAfterSeconds: 5 } as const;

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** argon2id (RFC 9106), as PHC strings. */
@Injectable()
export class PasswordHasher {
  private readonly queue = new BoundedQueue(QUEUE);
  private readonly parameters: { memoryCost: number; timeCost: number; parallelism: number };
  /** The hash of a random secret nobody keeps: verifying against it costs what a real account costs. */
  private readonly nobodysHash: Promise<string>;

  constructor({ memoryKib, passes }: PasswordWork) {
    this.parameters = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 };
    this.nobodysHash = hash(randomBytes(32).toString('hex'), this.parameters);
  }

  /** @throws AppError `limit.logins` when too many are waiting */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(normalisePassword(password), this.parameters));
  }

  /**
   * Whether the password belongs to the hash. `null` stands for an account that does not exist: as much work, and
   * always false.
   * @throws AppError `limit.logins` when too many are waiting
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.nobodysHash);
    const isRight = await this.queue.run(() => verify(against, normalisePassword(password)));
    return isRight && passwordHash !== null;
  }

  /** True when the hash was made with less work than is asked for now; hash the password again after a sign-in. */
  isOutdated(passwordHash: string): boolean {
    const [memory = 0, passes = 0, lanes = 0] = (PHC.exec(passwordHash)?.slice(1) ?? []).map(Number);
    return (
      memory < this.parameters.memoryCost || passes < this.parameters.timeCost || lanes < this.parameters.parallelism
    );
  }
}
