import { randomUUID } from 'node:crypto';
import { Admin } from './support/admin';
import { until } from './support/until';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const paragraph = (n: number): string =>
  `Step ${n} of the warranty claim is to send form W-${n} together with the receipt of the warranty claim.`;
const manual = Buffer.from(`# Warranty claim\n\n${[1, 2, 3].map(paragraph).join(' ')}\n`);
const QUESTION = 'What are the steps of the warranty claim?';

describeStacks('A visitor loses the connection', (start) => {
  let stack: Stack;
  let embedKey: string;

  beforeAll(async () => {
    stack = await start();
    const admin = await Admin.register(stack.url);
    await admin.uploadAndIndex('warranty.md', manual, 'text/markdown');
    ({ embedKey } = await admin.createEmbed([SITE]));
  }, 120_000);

  afterAll(() => stack?.stop());

  it('in mid-answer and finds the whole answer exactly once after the reconnect', async () => {
    const before = await Visitor.arrive(stack.url, embedKey, SITE);
    let received = '';
    const cut = new Promise<void>((resolve) =>
      before.socket.once('answer-delta', (delta: { text: string }) => {
        received = delta.text;
        before.socket.io.engine.close();
        resolve();
      }),
    );
    await before.send(QUESTION);
    await cut;

    const after = await Visitor.arrive(stack.url, embedKey, SITE, before.session.resumeToken);
    let answers = await answersOf(after);
    await until(async () => (answers = await answersOf(after)).length > 0, 30, 'the answer in the history');
    expect(answers).toHaveLength(1);
    expect(answers[0]?.outcome).toBe('answered');
    expect(answers[0]?.text.startsWith(received)).toBe(true);
    expect(answers[0]?.text.length).toBeGreaterThan(received.length);
    after.leave();
  });

  it('and its resends, racing on two sockets, make one message and one answer', async () => {
    const first = await Visitor.arrive(stack.url, embedKey, SITE);
    const second = await Visitor.connect(stack.url, first.session, SITE);
    const clientMessageId = randomUUID();
    const acks = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? first : second).send(QUESTION, clientMessageId)),
    );
    expect(new Set(acks.map((ack) => JSON.stringify(ack))).size).toBe(1);
    expect(acks[0]).toMatchObject({ ok: true, data: { seq: 1 } });

    await until(() => first.ended.length > 0, 30, 'the answer');
    const again = await second.send(QUESTION, clientMessageId);
    expect(again).toEqual(acks[0]);
    const history = await first.history();
    expect(history.map(({ seq, author }) => `${seq} ${author}`)).toEqual(['1 visitor', '2 assistant']);
    first.leave();
    second.leave();
  });

  const answersOf = async (visitor: Visitor) =>
    (await visitor.history()).filter(({ author }) => author === 'assistant');
});
