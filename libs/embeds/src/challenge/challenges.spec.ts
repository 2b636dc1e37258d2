import { KeyValueStore, MemoryKeyValueStore, type WindowCount } from '@app/cache';
import type { Challenge, SolvedChallenge } from '@app/chat-protocol';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { Logger } from '@nestjs/common';
import type { EmbedsOptions } from '../embeds-options';
import { payloadOf, solveChallenge } from '../testing/solve-challenge';
import { Challenges } from './challenges';

/** A store that can be switched off. */
class FlakyStore extends MemoryKeyValueStore {
  isAway = false;

  override async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    if (this.isAway) throw new Error('connection lost');
    return super.increment(key, windowSeconds);
  }
}

const optionsWith = (secretKey: Buffer): EmbedsOptions => ({
  jwtSecret: Buffer.alloc(32),
  secretKey,
  challenges: { sessionsPerIp: 20, sessionsPerEmbed: 600 },
  issuer: 'customercare',
  visitorTtlSeconds: 900,
  resumeTtlSeconds: 3600,
  allowsLoopbackHttp: false,
  publicUrl: () => 'https://chat.example',
});

const solvedOf = (altcha: string): SolvedChallenge =>
  JSON.parse(Buffer.from(altcha, 'base64').toString()) as SolvedChallenge;

/** How many numbers a browser tried. */
const counterOf = async (challenge: Challenge): Promise<number> =>
  solvedOf(await solveChallenge(challenge)).solution.counter;

describe('Challenges', () => {
  const secretKey = Buffer.alloc(32, 7);
  const embedId = newId();
  let clock: FakeClock;
  let store: FlakyStore;
  let challenges: Challenges;
  const node = (shared: KeyValueStore = store, secret = secretKey) =>
    new Challenges(optionsWith(secret), shared, clock);
  const solved = async (): Promise<string> => solveChallenge(await challenges.issue(embedId, 1));

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(() => {
    clock = new FakeClock(new Date());
    store = new FlakyStore(clock);
    challenges = node();
  });

  it('let in whoever solved one, once, on whichever node', async () => {
    const altcha = await solved();
    expect(await node().redeem(embedId, altcha)).toBe(true);
    expect([await challenges.redeem(embedId, altcha), await node().redeem(embedId, altcha)]).toEqual([false, false]);
  });

  it('let in one of many who send the same solution at once', async () => {
    const altcha = await solved();
    const nodes = [challenges, node(), node()];
    const outcomes = await Promise.all(nodes.flatMap((each) => [1, 2, 3].map(() => each.redeem(embedId, altcha))));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('are for the embed they were given for', async () => {
    const altcha = await solved();
    expect(await challenges.redeem(newId(), altcha)).toBe(false);
    expect(await challenges.redeem(embedId, altcha)).toBe(true);
  });

  it('are over after three minutes', async () => {
    const [early, late] = [await solved(), await solved()];
    clock.advance(178);
    expect(await challenges.redeem(embedId, early)).toBe(true);
    clock.advance(2);
    expect(await challenges.redeem(embedId, late)).toBe(false);
  });

  it('of another installation mean nothing', async () => {
    const foreign = node(store, Buffer.alloc(32, 8));
    const altcha = await solveChallenge(await foreign.issue(embedId, 1));
    expect(await challenges.redeem(embedId, altcha)).toBe(false);
  });

  it('cannot be made easier, longer or another embed’s', async () => {
    const { challenge, solution } = solvedOf(await solved());
    const later = (challenge.parameters.expiresAt ?? 0) + 3600;
    const other = newId();
    const changes: Partial<Challenge['parameters']>[] = [
      { expiresAt: later },
      { expiresAt: undefined },
      { cost: 1 },
      { keyPrefix: '' },
      { keySignature: undefined },
      { data: { embedId: other } },
    ];
    for (const change of changes) {
      const forged = { ...challenge, parameters: { ...challenge.parameters, ...change } };
      const altcha = payloadOf({ challenge: forged, solution });
      expect([await challenges.redeem(embedId, altcha), await challenges.redeem(other, altcha)]).toEqual([
        false,
        false,
      ]);
    }
    expect(await challenges.redeem(embedId, payloadOf({ challenge, solution }))).toBe(true);
  });

  it('need the number that was drawn and the key it gives', async () => {
    const { challenge, solution } = solvedOf(await solved());
    const key = `${solution.derivedKey.slice(0, -2)}${solution.derivedKey.endsWith('00') ? '01' : '00'}`;
    for (const wrong of [key, '', challenge.parameters.keyPrefix, solution.derivedKey.toUpperCase()]) {
      const altcha = payloadOf({ challenge, solution: { ...solution, derivedKey: wrong } });
      expect(await challenges.redeem(embedId, altcha)).toBe(false);
    }
  });

  it.each([
    ['', 'nothing'],
    ['!!!', 'no base64'],
    [Buffer.from('{').toString('base64'), 'no JSON'],
    ...[
      null,
      [],
      7,
      {},
      { challenge: null, solution: null },
      { challenge: { parameters: null, signature: 'a'.repeat(64) }, solution: { counter: 1, derivedKey: 'ab' } },
      { challenge: { parameters: [], signature: 'a'.repeat(64) }, solution: { counter: 1, derivedKey: 'ab' } },
      { challenge: { parameters: {}, signature: 'a'.repeat(64) }, solution: { counter: 1, derivedKey: 'ab' } },
      { challenge: { parameters: {}, signature: ['a'] }, solution: { counter: 1, derivedKey: 'ab' } },
      { challenge: { parameters: {}, signature: 'é' }, solution: { counter: {}, derivedKey: [] } },
    ].map((value) => [Buffer.from(JSON.stringify(value)).toString('base64'), JSON.stringify(value)]),
  ])('do not mind %s (%s)', async (altcha) => {
    expect(await challenges.redeem(embedId, altcha)).toBe(false);
  });

  it('grow with what is going on', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => challenges.issue(embedId, 2)));
    const most = Math.max(...(await Promise.all(made.map(counterOf))));
    expect(most).toBeLessThan(500);
    // Twenty numbers below 500 that are all below 250 come once in a million runs.
    expect(most).toBeGreaterThanOrEqual(250);
  }, 60_000);

  it('are used once on a node also while the store is away, and after it came back empty', async () => {
    const [one, two] = [await solved(), await solved()];
    expect(await challenges.redeem(embedId, one)).toBe(true);
    store.isAway = true;
    expect([await challenges.redeem(embedId, one), await challenges.redeem(embedId, two)]).toEqual([false, true]);
    store.isAway = false;
    clock.advance(6);
    expect([await challenges.redeem(embedId, one), await challenges.redeem(embedId, two)]).toEqual([false, false]);
  });
});
