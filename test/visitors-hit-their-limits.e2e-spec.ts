import { randomUUID } from 'node:crypto';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Ack, EmbedSession, MessageSent, ServerEvents } from '@app/chat-protocol';
import { Admin, type Answer, call } from './support/admin';
import { REDIS } from './support/services';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { chatSocket, Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const QUESTION = 'How soon do parcels arrive?';
/** Sockets from this one machine stand for many visitors. */
const MANY_SOCKETS = { LIMIT_SOCKETS_PER_IP: '500' };

interface Embed {
  admin: Admin;
  id: string;
  embedKey: string;
}

async function embedOn({ url }: Stack, admin?: Admin): Promise<Embed> {
  const owner = admin ?? (await Admin.register(url));
  return { admin: owner, ...(await owner.createEmbed([SITE])) };
}

/** The node whose turn it is. */
const nodeOf = (stack: Stack, index: number): string => (stack.nodes[index % stack.nodes.length] ?? stack.api).url;

const codeOf = (ack: Ack<unknown>): string => (ack.ok ? 'ok' : ack.problem.code);
/** Past the limits; the queue of a conversation, which is short, may refuse it all the same. */
const hasPassed = (ack: Ack<unknown>): boolean => !codeOf(ack).startsWith('limit.');
const passed = (acks: readonly Ack<unknown>[]): number => acks.filter(hasPassed).length;

/** Messages from all of the visitors in turn, all at once. */
const sendAll = (visitors: readonly Visitor[], times: number): Promise<Ack<MessageSent>[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => visitors[index % visitors.length]?.send(QUESTION) ?? fail()));

describeServerStack('Visitors hit their limits', (start) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await start({ ...MANY_SOCKETS, LIMIT_IP_MESSAGES_PER_MINUTE: '100000' }, { apiNodes: 2 });
  }, 120_000);
  afterAll(() => stack?.stop());

  it('W04 A23 of two hundred messages at once, over three sockets and two nodes, exactly sixty pass', async () => {
    const { embedKey } = await embedOn(stack);
    const session = await Visitor.openSession(stack.url, embedKey, SITE);
    const tabs = await Promise.all([0, 1, 2].map((tab) => Visitor.connect(nodeOf(stack, tab), session, SITE)));
    const warnings: ServerEvents['limit-warning'][] = [];
    tabs[0]?.socket.on('limit-warning', (warning: ServerEvents['limit-warning']) => warnings.push(warning));

    const acks = await sendAll(tabs, 200);
    expect(passed(acks)).toBe(60);
    const refused = acks.filter((ack) => !hasPassed(ack));
    expect(refused).toHaveLength(140);
    for (const ack of refused) {
      expect(ack).toMatchObject({
        problem: { code: 'limit.visitor', status: 429, retryAfterSeconds: expect.any(Number) },
      });
      expect(ack.ok ? 0 : ack.problem.retryAfterSeconds).toBeGreaterThan(0);
      expect(ack.ok ? 0 : ack.problem.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
    expect(tabs.every(({ socket }) => socket.connected)).toBe(true);
    expect(warnings).toEqual([{ axis: 'visitor', remaining: 12, resetsAt: expect.any(String) }]);

    const other = await Visitor.arrive(nodeOf(stack, 1), embedKey, SITE);
    expect(codeOf(await other.send(QUESTION))).toBe('ok');
    await stack.advanceClock(60);
    expect(passed(await sendAll(tabs, 70))).toBe(60);
    for (const visitor of [...tabs, other]) visitor.leave();
  }, 60_000);

  it('W04 A24 the thousand-and-first message of an hour is refused, and the hour slides', async () => {
    const { embedKey } = await embedOn(stack);
    let session = await Visitor.openSession(stack.url, embedKey, SITE);
    let accepted = 0;
    let last: Ack<MessageSent> | undefined;
    for (let minute = 0; minute < 17; minute += 1) {
      // A new page each minute: tokens do not live for an hour.
      session = await Visitor.openSession(stack.url, embedKey, SITE, session.resumeToken);
      const page = await Visitor.connect(nodeOf(stack, minute), session, SITE);
      const acks = await sendAll([page], 60);
      accepted += passed(acks);
      last = acks.find((ack) => !hasPassed(ack)) ?? last;
      expect(page.socket.connected).toBe(true);
      page.leave();
      await stack.advanceClock(61);
    }
    expect(accepted).toBe(1_000);
    const wait = last && !last.ok ? last.problem : undefined;
    expect(wait).toMatchObject({ code: 'limit.visitor' });
    expect(wait?.retryAfterSeconds).toBeGreaterThan(2_400);
    await stack.advanceClock(wait?.retryAfterSeconds ?? 0);
    session = await Visitor.openSession(stack.url, embedKey, SITE, session.resumeToken);
    const back = await Visitor.connect(stack.url, session, SITE);
    expect(passed(await sendAll([back], 1))).toBe(1);
    back.leave();
  }, 120_000);

  it('A11 one embed that is used up leaves the others of its workspace alone, until the workspace is', async () => {
    const one = await embedOn(stack);
    const two = await embedOn(stack, one.admin);
    const { admin } = one;
    expect((await admin.inWorkspace('PUT', '/usage-limits', { messagesPerMinute: 12 })).status).toBe(200);
    const own = { messagesPerMinute: 5, messagesPerHour: 1_000 };
    const changed = await admin.inWorkspace('PUT', `/embeds/${one.id}/usage-limits`, own);
    expect(changed.body).toMatchObject({ own, effective: own });
    const above = await admin.inWorkspace<{ code: string }>('PUT', `/embeds/${two.id}/usage-limits`, {
      messagesPerMinute: 13,
    });
    expect([above.status, above.body.code]).toEqual([400, 'request.invalid']);

    const visitorsOf = ({ embedKey }: Embed): Promise<Visitor[]> =>
      Promise.all([0, 1, 2, 3].map((index) => Visitor.arrive(nodeOf(stack, index), embedKey, SITE)));
    const [ofOne, ofTwo] = [await visitorsOf(one), await visitorsOf(two)];
    const first = await sendAll(ofOne, 16);
    expect([passed(first), ...new Set(first.filter((ack) => !hasPassed(ack)).map(codeOf))]).toEqual([5, 'limit.embed']);
    const second = await sendAll(ofTwo, 16);
    expect([passed(second), ...new Set(second.filter((ack) => !hasPassed(ack)).map(codeOf))]).toEqual([
      7,
      'limit.workspace',
    ]);

    const neighbour = await embedOn(stack);
    const visitor = await Visitor.arrive(stack.url, neighbour.embedKey, SITE);
    expect(codeOf(await visitor.send(QUESTION))).toBe('ok');
    for (const each of [...ofOne, ...ofTwo, visitor]) each.leave();
  }, 60_000);

  it('A11 what is refused for another reason takes no room from those who share the embed', async () => {
    const embed = await embedOn(stack);
    const own = { messagesPerMinute: 3 };
    expect((await embed.admin.inWorkspace('PUT', `/embeds/${embed.id}/usage-limits`, own)).status).toBe(200);
    const noisy = await Visitor.arrive(nodeOf(stack, 0), embed.embedKey, SITE);
    const other = await Visitor.arrive(nodeOf(stack, 1), embed.embedKey, SITE);
    for (const text of Array.from({ length: 6 }, () => 'x'.repeat(4_001))) {
      expect(codeOf(await noisy.send(text))).toBe('message.too-long');
    }
    expect(codeOf(await noisy.emit('no-such-event', {}))).toBe('event.unknown');
    for (let time = 0; time < 3; time += 1) expect(codeOf(await other.send(QUESTION))).toBe('ok');
    expect(codeOf(await other.send(QUESTION))).toBe('limit.embed');
    for (const each of [noisy, other]) each.leave();
  }, 60_000);
});

/** What a client may write into its requests to look like another; `hop` is what the proxy in front adds. */
const DISGUISES: readonly [string, (hop: string) => Record<string, string>][] = [
  ['nothing', (hop) => ({ 'x-forwarded-for': hop })],
  ['one made-up hop', (hop) => ({ 'x-forwarded-for': `${someAddress()}, ${hop}` })],
  [
    'twenty made-up hops',
    (hop) => ({ 'x-forwarded-for': [...Array.from({ length: 20 }, someAddress), hop].join(', ') }),
  ],
  ['X-Real-IP', (hop) => ({ 'x-forwarded-for': hop, 'x-real-ip': someAddress() })],
  ['Forwarded', (hop) => ({ 'x-forwarded-for': hop, forwarded: `for=${someAddress()};proto=https` })],
  ['a proxy that writes ports', (hop) => ({ 'x-forwarded-for': `${hop}:${somePort()}` })],
  ['made-up IPv6 hops', (hop) => ({ 'x-forwarded-for': `2001:db8:${randomGroup()}::1, ${hop}` })],
];

const randomGroup = (): string => Math.floor(Math.random() * 0xffff).toString(16);
const somePort = (): number => 1024 + Math.floor(Math.random() * 60_000);
const someAddress = (): string => `203.0.113.${1 + Math.floor(Math.random() * 250)}`;

describeServerStack('Somebody pretends to be many addresses', (start) => {
  let stack: Stack;
  let embed: Embed;

  beforeAll(async () => {
    const limits = { LIMIT_IP_MESSAGES_PER_MINUTE: '5', LIMIT_EMBED_SESSIONS_PER_HOUR: '30' };
    stack = await start({ ...MANY_SOCKETS, ...limits, TRUST_PROXY: '1' }, { apiNodes: 2 });
    embed = await embedOn(stack);
  }, 120_000);
  afterAll(() => stack?.stop());

  const open = (node: number, headers: Record<string, string>): Promise<Answer<EmbedSession>> =>
    call<EmbedSession>(nodeOf(stack, node), 'POST', '/v1/embed/sessions', {
      body: { embedKey: embed.embedKey },
      headers: { origin: SITE, ...headers },
    });

  /** Sends one message as a visitor of their own, whose requests carry these headers. */
  async function sendFrom(node: number, headers: Record<string, string>): Promise<Ack<MessageSent>> {
    // Sessions have a limit of their own, which is not the subject here.
    const session = await open(node, { 'x-forwarded-for': `192.0.2.${1 + Math.floor(Math.random() * 250)}` });
    const socket = chatSocket(nodeOf(stack, node), session.body.visitorToken, { origin: SITE, ...headers });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const ack: Ack<MessageSent> = await socket
      .timeout(10_000)
      .emitWithAck('message-send', { clientMessageId: randomUUID(), text: QUESTION });
    socket.disconnect();
    return ack;
  }

  it.each(DISGUISES)('H09 and %s does not evade the limit of the address', async (what, disguise) => {
    const hop = `198.51.100.${1 + DISGUISES.findIndex(([name]) => name === what)}`;
    const codes: string[] = [];
    for (let node = 0; node < 7; node += 1) codes.push(codeOf(await sendFrom(node, disguise(hop))));
    expect(codes).toEqual([...Array<string>(5).fill('ok'), 'limit.ip', 'limit.ip']);
    const { body } = await embed.admin.inWorkspace<{ items: { action: string; ip: string }[] }>(
      'GET',
      '/audit-events?limit=100',
    );
    expect(body.items.filter(({ action, ip }) => action === 'conversation.started' && ip === hop)).toHaveLength(5);
  });

  it('H09 and the addresses of one IPv6 network are one, those of another network are not', async () => {
    const codes: string[] = [];
    for (let node = 0; node < 7; node += 1) {
      codes.push(codeOf(await sendFrom(node, { 'x-forwarded-for': `2001:db8:77:1::${randomGroup()}` })));
    }
    expect(codes).toEqual([...Array<string>(5).fill('ok'), 'limit.ip', 'limit.ip']);
    expect(codeOf(await sendFrom(0, { 'x-forwarded-for': '2001:db8:77:2::1' }))).toBe('ok');
  });

  it('A38 H09 and sessions of an address are counted over both nodes, by the hour, with headers that say so', async () => {
    const answers: Answer<unknown>[] = [];
    for (let node = 0; node < 32; node += 1) {
      answers.push(await open(node, { 'x-forwarded-for': `${someAddress()}, 198.51.100.200:${somePort()}` }));
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(30).fill(201), 429, 429]);
    expect(answers[29]?.headers.get('ratelimit-limit')).toBe('30');
    expect(answers[29]?.headers.get('ratelimit-remaining')).toBe('0');
    const refused = answers[31];
    expect(refused?.body).toMatchObject({ code: 'limit.requests', retryAfterSeconds: expect.any(Number) });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(Number(refused?.headers.get('ratelimit-reset'))).toBeGreaterThan(3_000);
    await stack.advanceClock(3_700);
    expect((await open(0, { 'x-forwarded-for': '198.51.100.200' })).status).toBe(201);
  });
});

describeServerStack('Visitors write while Redis is away', (start) => {
  let stack: Stack;
  const pipes = new Set<Socket>();
  let wire: Server;

  beforeAll(async () => {
    const { hostname, port } = new URL(REDIS);
    wire = createServer((client) => {
      const upstream = createConnection(Number(port || 6379), hostname);
      for (const end of [client, upstream]) pipes.add(end.on('error', () => undefined));
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
    const address = wire.address();
    const wirePort = typeof address === 'object' && address ? address.port : 0;
    stack = await start({ ...MANY_SOCKETS, REDIS_URL: `redis://127.0.0.1:${wirePort}` }, { apiNodes: 2 });
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    for (const end of pipes) end.destroy();
    wire?.close();
  });

  it('A23 and are limited by each node alone, while no node falls over', async () => {
    const { embedKey } = await embedOn(stack);
    const visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    wire.close();
    for (const end of pipes) end.destroy();
    const acks: Ack<MessageSent>[] = [];
    for (let message = 0; message < 80; message += 1) acks.push(await visitor.send(QUESTION));
    expect(passed(acks)).toBe(60);
    expect(codeOf(acks.at(-1) ?? fail())).toBe('limit.visitor');
    expect(visitor.socket.connected).toBe(true);
    expect(stack.nodes.every(({ hasExited }) => !hasExited)).toBe(true);
    await until(() => stack.api.log.includes('Limits are counted by this node alone'));
    visitor.leave();
  }, 60_000);
});

function fail(): never {
  throw new Error('there is one');
}
