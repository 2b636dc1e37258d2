import { randomInt } from 'node:crypto';
import { KeyValueStore } from '@app/cache';
import type { Challenge } from '@app/chat-protocol';
import { deriveKey } from '@app/crypto';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey as pbkdf2 } from 'altcha-lib/algorithms/pbkdf2';
import { EmbedsOptions } from '../embeds-options';
import { derivationsFor } from './derivations-for';
import { readSolution } from './read-solution';
import { UsedChallenges } from './used-challenges';

const TTL_SECONDS = 180;
/** A solution is remembered this much longer than it could be used. */
const KEEP_SECONDS = TTL_SECONDS + 60;
/**
 * One derivation: less than a millisecond here, where one is made for each challenge, and enough for a browser, which does it
 * beside its main thread, that handing it over costs little.
 */
const ALGORITHM = 'PBKDF2/SHA-256';
const ITERATIONS = 2_000;

/**
 * Proof of work (ALTCHA): a browser finds a number that the server drew. A challenge says for which embed it is and until
 * when, is signed, and lets one session through.
 */
@Injectable()
export class Challenges {
  private readonly used: UsedChallenges;
  /** Of the challenge as it is sent, and of the solution it hides. */
  private readonly secrets: { hmacSignatureSecret: string; hmacKeySignatureSecret: string };

  constructor(
    { secretKey }: EmbedsOptions,
    store: KeyValueStore,
    private readonly clock: Clock,
  ) {
    this.used = new UsedChallenges(store, clock);
    this.secrets = {
      hmacSignatureSecret: deriveKey(secretKey, 'challenges').toString('base64'),
      hmacKeySignatureSecret: deriveKey(secretKey, 'challenge-solutions').toString('base64'),
    };
  }

  /** @param load how many times what is usual is going on */
  issue(embedId: string, load: number): Promise<Challenge> {
    return createChallenge({
      algorithm: ALGORITHM,
      cost: ITERATIONS,
      counter: randomInt(derivationsFor(load)),
      deriveKey: pbkdf2,
      expiresAt: this.nowSeconds() + TTL_SECONDS,
      data: { embedId },
      ...this.secrets,
    });
  }

  /** Whether this is the first use of a solution to a challenge that was given for this embed and is not over. */
  async redeem(embedId: string, altcha: string): Promise<boolean> {
    const solved = readSolution(altcha);
    if (!solved) return false;
    const { verified } = await verifySolution({ ...solved, deriveKey: pbkdf2, ...this.secrets });
    if (!verified) return false;
    const { signature, parameters } = solved.challenge;
    const { data, expiresAt = 0 } = parameters;
    if (data?.embedId !== embedId || expiresAt <= this.nowSeconds()) return false;
    return this.used.use(signature, KEEP_SECONDS);
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
