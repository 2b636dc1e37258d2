import { MemoryKeyValueStore, MemoryPubSub } from '@app/cache';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import type { ChatOptions } from '../chat-options';
import { MessageLimits } from './message-limits';
import { VisitorRooms } from './visitor-rooms';
import { VisitorStreams } from './visitor-streams';

const rooms = new VisitorRooms(new VisitorStreams(new MemoryPubSub()));

const options: ChatOptions = {
  messagesPerMinute: 60,
  messagesPerHour: 1_000,
  socketsPerVisitor: 5,
  socketsPerIp: 10,
  trustProxy: 0,
  answerTimeoutSeconds: 30,
  secretKey: Buffer.alloc(32),
  inboxOrigins: [],
};

describe('MessageLimits', () => {
  let clock: FakeClock;
  let limits: MessageLimits;

  beforeEach(() => {
    clock = new FakeClock();
    limits = new MessageLimits(new MemoryKeyValueStore(clock), options, rooms, clock);
  });

  const send = async (visitor: string, times: number) => {
    const results = await Promise.allSettled(Array.from({ length: times }, () => limits.count(visitor)));
    return results.filter(({ status }) => status === 'fulfilled').length;
  };

  it('lets sixty through in a minute, also when two hundred come at once', async () => {
    const visitor = newId();
    expect(await send(visitor, 200)).toBe(60);
    await expect(limits.count(visitor)).rejects.toMatchObject({
      code: 'limit.messages',
      options: { retryAfterSeconds: 60 },
    });
    clock.advance(60);
    expect(await send(visitor, 61)).toBe(60);
  });

  it('counts each visitor alone', async () => {
    expect(await send(newId(), 60)).toBe(60);
    expect(await send(newId(), 60)).toBe(60);
  });

  it('lets a thousand through in an hour', async () => {
    const visitor = newId();
    let passed = 0;
    for (let minute = 0; minute < 17; minute += 1) {
      passed += await send(visitor, 60);
      clock.advance(60);
    }
    expect(passed).toBe(1_000);
    await expect(limits.count(visitor)).rejects.toMatchObject({ options: { retryAfterSeconds: 3_600 - 17 * 60 } });
  });

  it('goes on counting by itself when the shared store fails', async () => {
    class AwayStore extends MemoryKeyValueStore {
      override async increment(): Promise<never> {
        throw new Error('connection refused');
      }
    }
    limits = new MessageLimits(new AwayStore(clock), options, rooms, clock);
    expect(await send(newId(), 61)).toBe(60);
  });
});
