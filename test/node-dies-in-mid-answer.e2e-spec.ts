import { randomUUID } from 'node:crypto';
import { GeminiServer, quotesThePassages, says } from '@app/ai/testing';
import type { ConversationSync, ServerEvents } from '@app/chat-protocol';
import { Admin } from './support/admin';
import type { Product } from './support/product';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const STEPS = Array.from(
  { length: 8 },
  (_, n) => `Step ${n + 1} of the warranty claim is to send form W-${n + 1} together with the receipt of the purchase.`,
);
const MANUAL = Buffer.from(`# Warranty claim\n\n${STEPS.join(' ')}\n`);
const QUESTION = 'What are the steps of the warranty claim?';
/** As the protocol promises. */
const SECONDS_TO_FAIL = 30;

/** What one page shows of an answer, by the rules of the protocol: what is known is skipped, a gap is not filled. */
class Reader {
  text = '';
  gaps = 0;

  /** Whatever the page was told so far, in its order: the state when it asked, and what followed. */
  take({ offset, text }: Pick<ServerEvents['answer-delta'], 'offset' | 'text'>): void {
    if (offset > this.text.length) this.gaps += 1;
    else this.text += text.slice(this.text.length - offset);
  }
}

interface Usage {
  used: number;
  reserved: number;
}
type Report = { day: Record<'tokens' | 'modelCalls', Usage> };

describeServerStack('A node dies or is left in the middle of an answer', (start) => {
  let gemini: GeminiServer;
  let stack: Stack;
  let admin: Admin;
  let embedKey: string;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    gemini = await GeminiServer.start();
    const model = { GEMINI_API_KEY: 'a-key-of-gemini', GEMINI_BASE_URL: gemini.baseUrl, GEMINI_MODEL: 'gemini-test' };
    stack = await start(model, { apiNodes: 2 });
  }, 180_000);
  beforeEach(async () => {
    admin = await Admin.register(stack.url);
    await admin.uploadAndIndex('warranty.md', MANUAL, 'text/markdown');
    ({ embedKey } = await admin.createEmbed([SITE]));
    gemini.calls.length = 0;
  }, 60_000);
  afterEach(() => {
    for (const visitor of visitors) visitor.leave();
    visitors = [];
  });
  afterAll(async () => {
    await stack?.stop();
    await gemini?.close();
  });

  /** The node that everything else is asked of, and the one that writes the answer. */
  const nodes = (): [Product, Product] => {
    const [staying, writing] = stack.nodes;
    if (!staying || !writing) throw new Error('there are two nodes');
    return [staying, writing];
  };
  const arrive = async (node: Product, resumeToken?: string): Promise<Visitor> => {
    const visitor = await Visitor.arrive(node.url, embedKey, SITE, resumeToken);
    visitors.push(visitor);
    return visitor;
  };
  const synced = async (visitor: Visitor): Promise<ConversationSync> => {
    const ack = await visitor.sync(0);
    if (!ack.ok) throw new Error(`conversation-sync: ${ack.problem.code}`);
    return ack.data;
  };
  const usage = async (): Promise<Report['day']> => (await admin.inWorkspace<Report>('GET', '/usage')).body.day;
  /** One sentence after the other, each a while after the one before. */
  const speaksSlowly = () =>
    says(
      STEPS.map((step) => `${step} [1] `),
      { delayMs: 400 },
    );

  it('and who comes back to another node reads on where they were, without a gap or a repeat', async () => {
    const [staying, writing] = nodes();
    gemini.play(speaksSlowly());
    const before = await arrive(writing);
    expect((await before.send(QUESTION)).ok).toBe(true);
    await until(() => before.deltas.length >= 3, 20, 'the beginning of the answer');
    before.socket.io.engine.close();
    const seen = [...before.deltas];

    const after = await arrive(staying, before.session.resumeToken);
    const { activeAnswer } = await synced(after);
    // The state may already hold what arrives right after it: both begin with their offset.
    const page = new Reader();
    for (const delta of seen) page.take(delta);
    const shownBefore = page.text;
    page.take({ offset: 0, text: activeAnswer?.text ?? '' });
    const shownAtReturn = page.text;
    await until(() => after.ended.length > 0, 30, 'the end of the answer');
    for (const delta of after.deltas) page.take(delta);

    const [end] = after.ended;
    expect(end).toMatchObject({ answerId: activeAnswer?.answerId, outcome: 'answered' });
    expect(shownBefore.length).toBeGreaterThan(0);
    expect(shownAtReturn.startsWith(shownBefore)).toBe(true);
    expect(shownAtReturn.length).toBeLessThan(end?.text.length ?? 0);
    expect(after.deltas.length).toBeGreaterThan(0);
    expect([page.text, page.gaps]).toEqual([end?.text, 0]);
    for (const step of STEPS) expect(page.text.split(step)).toHaveLength(2);
    expect(after.ended).toHaveLength(1);
    expect((await synced(after)).messages.map(({ author, text }) => [author, text])).toEqual([
      ['visitor', QUESTION],
      ['assistant', end?.text],
    ]);
    expect(gemini.requestCount).toBe(1);
  }, 90_000);

  it('and a killed one’s answer fails within thirty seconds, is charged to nobody, and can be asked for again', async () => {
    const [staying, writing] = nodes();
    gemini.play(speaksSlowly());
    const first = await arrive(writing);
    const clientMessageId = randomUUID();
    const sent = await first.send(QUESTION, clientMessageId);
    await until(() => first.deltas.length >= 3, 20, 'the beginning of the answer');
    expect(await usage()).toMatchObject({ modelCalls: { used: 0, reserved: 1 } });
    const here = await arrive(staying, first.session.resumeToken);
    const shown = (await synced(here)).activeAnswer?.text ?? '';

    await writing.kill();
    const killedAt = Date.now();
    await until(() => here.errors.length > 0, SECONDS_TO_FAIL + 1, 'the end of the answer nobody writes');
    expect(Date.now() - killedAt).toBeLessThan(SECONDS_TO_FAIL * 1000);
    expect(here.errors).toEqual([
      expect.objectContaining({ problem: expect.objectContaining({ code: 'answer.failed' }) as unknown }),
    ]);
    expect(here.ended).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
    const [question, failed] = (await synced(here)).messages;
    expect(failed).toMatchObject({ author: 'assistant', outcome: 'failed', inReplyTo: question?.id });
    expect(await usage()).toMatchObject({ tokens: { used: 0, reserved: 0 }, modelCalls: { used: 0, reserved: 0 } });

    expect(await here.send(QUESTION, clientMessageId)).toEqual(sent);
    gemini.play(quotesThePassages());
    const retried = randomUUID();
    const again = await here.send(QUESTION, retried);
    expect(again).toMatchObject({ ok: true, data: { seq: 3 } });
    await until(() => here.ended.length > 0, 30, 'the answer to the second try');
    expect(here.ended).toMatchObject([
      { outcome: 'answered', text: expect.stringContaining(STEPS[0] ?? '') as unknown },
    ]);
    const charged = await usage();
    expect(charged).toMatchObject({ tokens: { reserved: 0 }, modelCalls: { used: 1, reserved: 0 } });
    expect(charged.tokens.used).toBeGreaterThan(100);

    // What was lost on the way is sent again, by whichever page still has it.
    expect(await here.send(QUESTION, retried)).toEqual(again);
    expect(await here.send(QUESTION, clientMessageId)).toEqual(sent);
    await until(async () => (await synced(here)).activeAnswer === undefined);
    expect((await synced(here)).messages.map(({ seq, author }) => `${seq} ${author}`)).toEqual([
      '1 visitor',
      '2 assistant',
      '3 visitor',
      '4 assistant',
    ]);
    expect(gemini.requestCount).toBe(2);
    expect(await usage()).toEqual(charged);
  }, 120_000);
});
