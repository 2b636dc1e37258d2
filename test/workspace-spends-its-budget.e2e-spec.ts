import { randomUUID } from 'node:crypto';
import { GeminiServer, quotesThePassages, says, staysSilent } from '@app/ai/testing';
import type { ServerEvents } from '@app/chat-protocol';
import { Admin, call, type SignedUp } from './support/admin';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const NOTE = Buffer.from(
  '# Deliveries\n\nParcels to Zürich — even on Sundays — arrive within 36 hours of the order.\n',
);
const QUESTION = 'How soon do parcels to Zürich arrive?';
const VISITORS = 50;
const DAY_SECONDS = 86_400;
/** 100 tokens read and some written, as the server on this machine counts: 100 × 2 + words × 10 millionths. */
const PRICES = JSON.stringify({ 'gemini-test': { input: 2_000_000, output: 10_000_000 } });

interface UnitUsage {
  used: number;
  reserved: number;
  limit: number | null;
  state: string;
}
type PeriodUsage = Record<'tokens' | 'costMicros' | 'modelCalls', UnitUsage>;
interface Report {
  day: PeriodUsage;
  month: PeriodUsage;
  embeds: { embedId: string; day: PeriodUsage }[];
}

/** Signs in anew, because a token does not live as long as the clock is moved. */
async function reportOf({ url, email, password, workspaceId }: Admin): Promise<Report> {
  const body = { email, password, refreshTokenIn: 'body' };
  const { accessToken } = (await call<SignedUp>(url, 'POST', '/v1/auth/login', { body })).body;
  return (await call<Report>(url, 'GET', `/v1/workspaces/${workspaceId}/usage`, { token: accessToken })).body;
}

/** As the widget does it: what was not taken in, or not acknowledged, is sent again under the same id and stored once. */
async function askPatiently(visitor: Visitor): Promise<ServerEvents['answer-end']> {
  const clientMessageId = randomUUID();
  const isTaken = async (): Promise<boolean> => {
    const ack = await visitor.send(QUESTION, clientMessageId).catch(() => null);
    if (ack && !ack.ok && ack.problem.status !== 503) throw new Error(`message-send: ${ack.problem.code}`);
    return ack?.ok === true;
  };
  await until(isTaken, 90, 'the acknowledgement');
  await until(() => visitor.ended.length + visitor.errors.length > 0, 120, 'the answer');
  return visitor.ended[0] ?? fail();
}

describeServerStack('A workspace spends its budget', (start) => {
  let gemini: GeminiServer;
  let stack: Stack;
  let admin: Admin;
  let embed: { id: string; embedKey: string };
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    gemini = await GeminiServer.start();
    const model = { GEMINI_API_KEY: 'a-key-of-gemini', GEMINI_BASE_URL: gemini.baseUrl, GEMINI_MODEL: 'gemini-test' };
    const settings = { ...model, MODEL_PRICES: PRICES, ANSWER_TIMEOUT: '60', LIMIT_SOCKETS_PER_IP: '500' };
    stack = await start(settings, { apiNodes: 2 });
  }, 120_000);
  beforeEach(async () => {
    gemini.play(quotesThePassages());
    gemini.calls.length = 0;
    admin = await Admin.register(stack.url);
    await admin.uploadAndIndex('deliveries.md', NOTE, 'text/markdown');
    embed = await admin.createEmbed([SITE]);
  }, 60_000);
  afterEach(() => {
    for (const visitor of visitors) visitor.leave();
    visitors = [];
  });
  afterAll(async () => {
    await stack?.stop();
    await gemini?.close();
  });

  async function arrive(count: number, embedKey = embed.embedKey): Promise<Visitor[]> {
    const nodes = stack.nodes;
    const arrived: Visitor[] = [];
    for (let index = 0; index < count; index += 1) {
      arrived.push(await Visitor.arrive((nodes[index % nodes.length] ?? stack.api).url, embedKey, SITE));
    }
    visitors.push(...arrived);
    return arrived;
  }

  const report = (): Promise<Report> => reportOf(admin);
  const limit = async (limits: object, path = ''): Promise<void> => {
    const answer = await admin.inWorkspace('PUT', `${path}/usage-limits`, limits);
    if (answer.status !== 200) throw new Error(`limits: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const recorded = async (action: string) => {
    const { body } = await admin.inWorkspace<{ items: { action: string; data: object }[] }>(
      'GET',
      '/audit-events?limit=100',
    );
    return body.items.filter((event) => event.action === action).map(({ data }) => data);
  };
  const isAnswer = ({ outcome, text }: ServerEvents['answer-end']): boolean =>
    outcome === 'answered' && text.includes('36 hours');

  it('W14 LLM10 B02 a budget of five calls is five calls under fifty visitors at once, and all are answered', async () => {
    await limit({ modelCallsPerDay: 5 });
    const all = await arrive(VISITORS);
    const ends = await Promise.all(all.map(askPatiently));
    expect(gemini.requestCount).toBe(5);
    expect(ends.filter(isAnswer)).toHaveLength(VISITORS);
    const { day, embeds } = await report();
    expect(day.modelCalls).toEqual({ used: 5, reserved: 0, limit: 5, state: 'spent' });
    expect(embeds.map((each) => [each.embedId, each.day.modelCalls.used])).toEqual([[embed.id, 5]]);
    expect(await recorded('budget.neared')).toEqual([expect.objectContaining({ unit: 'modelCalls', limit: 5 })]);
    expect(await recorded('budget.spent')).toEqual([expect.objectContaining({ unit: 'modelCalls', period: 'day' })]);

    const rows = await stack.inspect<{ provenance: { degraded?: string; model: string } }>(
      `select provenance from messages where author = 'assistant' and workspace_id = '${admin.workspaceId}'`,
    );
    if (rows) {
      expect(rows.filter(({ provenance }) => provenance.degraded === undefined)).toHaveLength(5);
      const degraded = rows.filter(({ provenance }) => provenance.degraded === 'budget');
      expect(degraded).toHaveLength(VISITORS - 5);
      expect(degraded.every(({ provenance }) => provenance.model.startsWith('extractive'))).toBe(true);
    }

    await stack.advanceClock(DAY_SECONDS);
    const [next] = await arrive(1);
    expect(isAnswer((await next?.ask(QUESTION)) ?? fail())).toBe(true);
    expect(gemini.requestCount).toBe(6);
    expect((await report()).day.modelCalls).toMatchObject({ used: 1, state: 'ok' });
  }, 300_000);

  it('W14 what was used takes the place of what was set aside, in tokens and in money', async () => {
    // Far less than fifty answers set aside at most, far more than they use.
    await limit({ tokensPerDay: 20_000, costMicrosPerDay: 100_000_000 });
    gemini.play(says(['Parcels to Zürich arrive ', 'within 36 hours', ' of the order. [1]']));
    const [visitor] = await arrive(1);
    for (let question = 0; question < 8; question += 1) await visitor?.ask(QUESTION);
    expect(gemini.requestCount).toBe(8);
    const { day, month } = await report();
    expect(day.tokens).toMatchObject({ used: 8 * 103, reserved: 0, state: 'ok' });
    expect(month.costMicros).toMatchObject({ used: 8 * (100 * 2 + 3 * 10), reserved: 0 });
  }, 90_000);

  it('W14 each embed has its own, and visitors are told once when little is left', async () => {
    const other = await admin.createEmbed([SITE], 'Other page');
    await limit({ modelCallsPerDay: 5 }, `/embeds/${embed.id}`);
    const [visitor] = await arrive(1);
    const warnings: ServerEvents['limit-warning'][] = [];
    visitor?.socket.on('limit-warning', (warning: ServerEvents['limit-warning']) => warnings.push(warning));
    for (let question = 0; question < 7; question += 1) {
      expect(isAnswer((await visitor?.ask(QUESTION)) ?? fail())).toBe(true);
    }
    expect(gemini.requestCount).toBe(5);
    await until(() => warnings.length > 0);
    expect(warnings).toEqual([{ axis: 'budget', remaining: 20, resetsAt: expect.stringMatching(/T00:00:00.000Z$/) }]);
    const [elsewhere] = await arrive(1, other.embedKey);
    await elsewhere?.ask(QUESTION);
    expect(gemini.requestCount).toBe(6);
  }, 90_000);

  it('W14 one visitor cannot use up what is there for all', async () => {
    await limit({ visitorTokensPerDay: 12_000 });
    // Each answer is dear.
    gemini.play(says(['Parcels to Zürich arrive within 36 hours of the order. [1]'], { usage: [3_000, 1_000] }));
    const [greedy, modest] = await arrive(2);
    for (let question = 0; question < 5; question += 1) {
      expect(isAnswer((await greedy?.ask(QUESTION)) ?? fail())).toBe(true);
    }
    expect(gemini.requestCount).toBeGreaterThanOrEqual(1);
    expect(gemini.requestCount).toBeLessThanOrEqual(3);
    const before = gemini.requestCount;
    await modest?.ask(QUESTION);
    expect(gemini.requestCount).toBe(before + 1);
  }, 90_000);
});

describeServerStack('A node dies in the middle of an answer that was paid for', (start) => {
  let gemini: GeminiServer;
  let stack: Stack;

  beforeAll(async () => {
    gemini = await GeminiServer.start();
    const model = { GEMINI_API_KEY: 'a-key-of-gemini', GEMINI_BASE_URL: gemini.baseUrl, GEMINI_MODEL: 'gemini-test' };
    stack = await start(model, { apiNodes: 2 });
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    await gemini?.close();
  });

  it('W14 and what it had set aside is there for the next try, which is charged once', async () => {
    const admin = await Admin.register(stack.url);
    await admin.uploadAndIndex('deliveries.md', NOTE, 'text/markdown');
    const { embedKey } = await admin.createEmbed([SITE]);
    await admin.inWorkspace('PUT', '/usage-limits', { modelCallsPerDay: 1 });
    const [staying, dying] = stack.nodes;
    const session = await Visitor.openSession(stack.url, embedKey, SITE);
    const here = await Visitor.connect(staying?.url ?? fail(), session, SITE);
    const there = await Visitor.connect(dying?.url ?? fail(), session, SITE);

    gemini.play(staysSilent());
    expect((await there.send(QUESTION)).ok).toBe(true);
    await until(() => gemini.requestCount === 1);
    expect((await reportOf(admin)).day.modelCalls).toMatchObject({ used: 0, reserved: 1 });
    await dying?.kill();
    await until(() => here.errors.length === 1, 40, 'the end of the answer nobody writes');
    expect((await reportOf(admin)).day.modelCalls).toMatchObject({ used: 0, reserved: 0 });

    gemini.play(quotesThePassages());
    expect((await here.ask(QUESTION)).text).toContain('36 hours');
    expect(gemini.requestCount).toBe(2);
    expect((await reportOf(admin)).day.modelCalls).toMatchObject({ used: 1, reserved: 0, state: 'spent' });
    here.leave();
    there.leave();
  }, 90_000);
});

function fail(): never {
  throw new Error('there is one');
}
