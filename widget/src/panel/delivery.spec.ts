import type { Ack, ChatProblem, MessageSent } from '@app/chat-protocol';
import { Delivery, type DeliveryPort } from './delivery';
import { Outbox, type OutboxItem } from './outbox';

const SENT: Ack<MessageSent> = { ok: true, data: { messageId: 'm', seq: 1, conversationId: 'c' } };
const problem = (status: number, code: string, retryAfterSeconds?: number): Ack<MessageSent> => ({
  ok: false,
  problem: { type: 'about:blank', title: code, status, code, retryAfterSeconds },
});

/** A server that answers by script; what it was sent and what the visitor was told is kept. */
class FakePort implements DeliveryPort {
  readonly log: string[] = [];
  readonly answers: (Ack<MessageSent> | 'lost')[] = [];
  isUp = true;
  inFlight = 0;
  mostInFlight = 0;
  isOnline = (): boolean => this.isUp;
  async send(item: OutboxItem): Promise<Ack<MessageSent>> {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    this.log.push(`send ${item.clientMessageId}`);
    await Promise.resolve();
    this.inFlight--;
    const answer = this.answers.shift() ?? SENT;
    if (answer === 'lost') throw new Error('timeout');
    return answer;
  }
  reconnect = (): void => void this.log.push('reconnect');
  renew = (): void => void this.log.push('renew');
  sent = (item: OutboxItem): void => void this.log.push(`sent ${item.clientMessageId}`);
  refused = (item: OutboxItem, { code }: ChatProblem): void =>
    void this.log.push(`refused ${item.clientMessageId} ${code}`);
  paused = ({ code }: ChatProblem, seconds: number): void => void this.log.push(`paused ${code} ${seconds}`);
}

describe('Delivery', () => {
  let port: FakePort;
  let outbox: Outbox;
  let delivery: Delivery;
  let ids: number;
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0).then(() => undefined);

  beforeEach(() => {
    jest.useFakeTimers();
    ids = 0;
    port = new FakePort();
    const store = { get: () => null, set: () => undefined, remove: () => undefined };
    outbox = new Outbox(store, Date.now, () => `${++ids}`);
    delivery = new Delivery(outbox, port, () => 0);
  });
  afterEach(() => jest.useRealTimers());

  it('sends one at a time, in order', async () => {
    ['a', 'b', 'c'].forEach((text) => {
      outbox.add(text);
      delivery.pump();
    });
    await settle();
    expect(port.log).toEqual(['send 1', 'sent 1', 'send 2', 'sent 2', 'send 3', 'sent 3']);
    expect([port.mostInFlight, outbox.first]).toEqual([1, undefined]);
  });

  it('waits while there is no connection', async () => {
    port.isUp = false;
    outbox.add('a');
    delivery.pump();
    await settle();
    expect(port.log).toEqual([]);
    port.isUp = true;
    delivery.pump();
    await settle();
    expect(port.log).toEqual(['send 1', 'sent 1']);
  });

  it('sends the same id again after a lost acknowledgement', async () => {
    port.answers.push('lost');
    outbox.add('a');
    delivery.pump();
    await settle();
    expect(port.log).toEqual(['send 1', 'reconnect']);
    delivery.pump();
    await settle();
    expect(port.log.slice(2)).toEqual(['send 1', 'sent 1']);
  });

  it('waits as long as the limit says and then goes on by itself', async () => {
    port.answers.push(problem(429, 'limit.messages', 7));
    outbox.add('a');
    delivery.pump();
    await jest.advanceTimersByTimeAsync(6999);
    delivery.pump();
    expect(port.log).toEqual(['send 1', 'paused limit.messages 7']);
    await jest.advanceTimersByTimeAsync(1);
    expect(port.log.slice(2)).toEqual(['send 1', 'sent 1']);
  });

  it('goes on early when the answer before is there, but not through a limit', async () => {
    port.answers.push(problem(409, 'conversation.busy'));
    outbox.add('a');
    delivery.pump();
    await settle();
    delivery.resumeAfter('limit.messages');
    await settle();
    expect(port.log).toEqual(['send 1', 'paused conversation.busy 10']);
    delivery.resumeAfter('conversation.busy');
    await settle();
    expect(port.log.slice(2)).toEqual(['send 1', 'sent 1']);
  });

  it('gives back what the server will never take, and goes on with the next', async () => {
    port.answers.push(problem(400, 'message.too-long'));
    outbox.add('a');
    outbox.add('b');
    delivery.pump();
    await settle();
    expect(port.log).toEqual(['send 1', 'refused 1 message.too-long', 'send 2', 'sent 2']);
  });

  it('keeps the message when the token has ended', async () => {
    port.answers.push(problem(401, 'visitor.token-invalid'));
    outbox.add('a');
    delivery.pump();
    await settle();
    expect([port.log, outbox.first?.text]).toEqual([['send 1', 'renew'], 'a']);
  });

  it('tries again when the server fails, and gives the message back when it keeps failing', async () => {
    port.answers.push(...Array.from({ length: 4 }, () => problem(500, 'internal.error')));
    outbox.add('a');
    delivery.pump();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(port.log).toEqual(['send 1', 'send 1', 'send 1', 'send 1', 'refused 1 internal.error']);
  });
});
