import { MemorySlidingWindows } from '@app/cache';
import { loadConfig } from '@app/config';
import { AppError, newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { lowest, NO_LIMITS, type UsageLimits } from '../usage/usage-limits';
import type { UsageLimitsReader } from '../usage/usage-limits.reader';
import type { UsageOptions } from '../usage/usage-options';
import { VisitorLimits } from './visitor-limits';

const config = loadConfig({ ENVIRONMENT: 'test' });
const options: UsageOptions = {
  messages: {
    visitor: { perMinute: 60, perHour: 1_000 },
    ip: { perMinute: 100, perHour: 5_000 },
    embed: { perMinute: 500, perHour: 5_000 },
    workspace: { perMinute: 800, perHour: 8_000 },
  },
  budgets: config.budgets,
  addressKey: Buffer.alloc(32, 1),
};

describe('VisitorLimits', () => {
  const workspaceId = newId();
  let clock: FakeClock;
  let set: { workspace: UsageLimits; embed: UsageLimits };
  let limits: VisitorLimits;

  beforeEach(() => {
    clock = new FakeClock();
    set = {
      workspace: { ...NO_LIMITS, messagesPerMinute: 800, messagesPerHour: 8_000 },
      embed: { ...NO_LIMITS, messagesPerMinute: 500, messagesPerHour: 5_000 },
    };
    // Only what is asked of it.
    const reader = { find: async () => set } as unknown as UsageLimitsReader;
    limits = new VisitorLimits(new MemorySlidingWindows(clock), reader, options, clock);
  });

  const source = (embedId = newId(), visitorId = newId(), network: string = newId()) => ({
    workspaceId,
    embedId,
    visitorId,
    network,
  });

  /** How many of so many at once were let through, and what the others were told. */
  async function send(
    times: number,
    from: () => ReturnType<typeof source>,
  ): Promise<{ passed: number; codes: string[] }> {
    const results = await Promise.allSettled(Array.from({ length: times }, () => limits.count(from())));
    const codes = results.flatMap((result) =>
      result.status === 'rejected' && result.reason instanceof AppError ? [result.reason.code] : [],
    );
    return { passed: times - codes.length, codes: [...new Set(codes)] };
  }

  it('A11 one who is refused for other reasons uses up what is theirs, and nothing that others share', async () => {
    set.embed = { ...set.embed, messagesPerMinute: 5 };
    const embedId = newId();
    const refused = source(embedId);
    for (let time = 0; time < 20; time += 1) {
      await limits.count(refused);
      await limits.giveBackShared(refused);
    }
    expect(await send(10, () => source(embedId))).toEqual({ passed: 5, codes: ['limit.embed'] });
    expect(await send(60, () => ({ ...refused, embedId: newId() }))).toMatchObject({ codes: ['limit.visitor'] });
  });

  it('A23 lets sixty messages of a visitor through in a minute, also when two hundred come at once', async () => {
    const visitor = source();
    expect(await send(200, () => visitor)).toEqual({ passed: 60, codes: ['limit.visitor'] });
    await expect(limits.count(visitor)).rejects.toMatchObject({ options: { retryAfterSeconds: 60 } });
    clock.advance(60);
    expect((await send(61, () => visitor)).passed).toBe(60);
  });

  it('A24 lets a thousand through in an hour and says when to come back', async () => {
    const visitor = source();
    let passed = 0;
    for (let minute = 0; minute < 17; minute += 1) {
      passed += (await send(60, () => ({ ...visitor, network: newId() }))).passed;
      clock.advance(60);
    }
    expect(passed).toBe(1_000);
    const refused = await limits.count(visitor).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'limit.visitor' });
    const wait = (refused as AppError).options.retryAfterSeconds ?? 0; // it is one, as was just seen
    expect(wait).toBeGreaterThan(3_600 - 17 * 60);
    clock.advance(wait);
    expect((await send(1, () => visitor)).passed).toBe(1);
  });

  it('counts an address over all its visitors', async () => {
    const network = newId();
    expect(await send(150, () => source(newId(), newId(), network))).toEqual({ passed: 100, codes: ['limit.ip'] });
  });

  it('A11 counts an embed by itself and all embeds of the workspace together', async () => {
    const [one, two] = [newId(), newId()];
    expect(await send(600, () => source(one))).toEqual({ passed: 500, codes: ['limit.embed'] });
    expect(await send(400, () => source(two))).toEqual({ passed: 300, codes: ['limit.workspace'] });
  });

  it('A11 takes what the owner set where that is lower, from the next message on', async () => {
    const embedId = newId();
    set.embed = lowest(set.embed, { ...NO_LIMITS, messagesPerMinute: 3 });
    expect(await send(10, () => source(embedId))).toEqual({ passed: 3, codes: ['limit.embed'] });
    set.workspace = lowest(set.workspace, { ...NO_LIMITS, messagesPerHour: 5 });
    expect(await send(10, () => source(newId()))).toEqual({ passed: 2, codes: ['limit.workspace'] });
  });

  it('uses nothing up on the other axes with what one axis refuses', async () => {
    const embedId = newId();
    const visitor = source(embedId);
    await send(200, () => visitor);
    expect((await send(600, () => source(embedId))).passed).toBe(440);
  });

  it('warns once at 80 %, with what is left and when more comes', async () => {
    const visitor = source();
    const warnings = [];
    for (let message = 0; message < 60; message += 1) warnings.push(...(await limits.count(visitor)));
    expect(warnings).toEqual([{ axis: 'visitor', remaining: 12, resetsAt: '2026-01-01T00:01:00.000Z' }]);
  });
});
