import { Redis } from 'ioredis';
import type { Socket } from 'socket.io-client';
import { Admin } from './support/admin';
import { HeapProbe } from './support/heap-probe';
import { DASHBOARD, Inbox } from './support/inbox';
import { REDIS } from './support/services';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { chatSocket, type Transport, Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
/** Slots of a dead node are free when its lease is over. */
const LEASE_SECONDS = 30;
const MEBIBYTE = 1024 * 1024;

type Origin = string | Record<string, string>;
type Refusal = Error & { data?: { code: string; status: number } };

/** An open socket, or null when there are enough. Anything else that goes wrong is an error. */
async function knock(url: string, token: string, transport: Transport, origin: Origin = SITE): Promise<Socket | null> {
  const socket = chatSocket(url, token, origin, transport);
  const refusal = await new Promise<Refusal | null>((resolve) => {
    socket.once('connect', () => resolve(null));
    socket.once('connect_error', resolve);
  });
  if (!refusal) return socket;
  socket.disconnect();
  if (refusal.data?.code !== 'limit.connections' || refusal.data.status !== 429) throw refusal;
  return null;
}

const isOpen = (socket: Socket | null): socket is Socket => socket !== null;

describeServerStack('Visitors come in numbers', (start) => {
  let stack: Stack;
  let owner: Admin;
  let embedKey: string;
  let sockets: Socket[] = [];

  beforeAll(async () => {
    stack = await start({ CORS_ORIGINS: JSON.stringify([DASHBOARD]) }, { apiNodes: 2 });
    owner = await Admin.register(stack.url);
    ({ embedKey } = await owner.createEmbed([SITE]));
  }, 180_000);
  afterEach(async () => {
    for (const socket of sockets) socket.disconnect();
    sockets = [];
    await until(async () => (await slotsOf(stack)).length === 0, LEASE_SECONDS, 'the end of all slots');
  }, 60_000);
  afterAll(() => stack?.stop());

  const session = async (): Promise<string> => (await Visitor.openSession(stack.url, embedKey, SITE)).visitorToken;
  const nodeUrl = (index: number): string => stack.nodes[index % stack.nodes.length]?.url ?? stack.url;
  const open = async (index: number, token: string, transport: Transport, origin?: Origin): Promise<Socket | null> => {
    const socket = await knock(nodeUrl(index), token, transport, origin);
    if (socket) sockets.push(socket);
    return socket;
  };
  const opens = (...args: Parameters<typeof open>): Promise<boolean> => open(...args).then(isOpen);
  /** Each node gets both transports. */
  const transportOf = (transports: readonly Transport[], index: number): Transport =>
    transports[Math.floor(index / 2) % transports.length] ?? 'websocket';

  const WAYS: [string, Transport[]][] = [
    ['websocket', ['websocket']],
    ['polling', ['polling']],
    ['both', ['websocket', 'polling']],
  ];

  it.each(WAYS)('W02 A20 and of twenty sockets of one at once, by %s, exactly five open', async (_name, transports) => {
    const token = await session();
    const all = Array.from({ length: 20 }, (_, index) => open(index, token, transportOf(transports, index)));
    const mine = (await Promise.all(all)).filter(isOpen);
    expect(mine.map(({ id }) => id)).toHaveLength(5);
    for (const index of [0, 1]) expect(await opens(index, token, transportOf(transports, 2))).toBe(false);

    mine.pop()?.disconnect();
    await until(() => opens(1, token, transportOf(transports, 2)), 2, 'the slot that became free');
    expect(await opens(0, token, 'websocket')).toBe(false);
  });

  it.each(WAYS)(
    'W02 A21 and of twenty at once from one address, by %s, exactly ten open',
    async (_name, transports) => {
      const tokens = await Promise.all(Array.from({ length: 20 }, session));
      const all = tokens.map((token, index) => {
        const disguise = { origin: SITE, 'x-forwarded-for': `203.0.113.${index}`, 'x-real-ip': `203.0.113.${index}` };
        return open(index, token, transportOf(transports, index), disguise);
      });
      const mine = (await Promise.all(all)).filter(isOpen);
      expect(mine.map(({ id }) => id)).toHaveLength(10);
      const late = await session();
      for (const index of [0, 1]) expect(await opens(index, late, transportOf(transports, 2))).toBe(false);

      mine.pop()?.disconnect();
      await until(() => opens(1, late, transportOf(transports, 2)), 2, 'the slot that became free');
      expect(await opens(0, await session(), 'websocket')).toBe(false);
    },
  );

  it('W02 A20 and of twenty inboxes of one person at once exactly five open', async () => {
    const { accessToken } = owner.session;
    const all = Array.from({ length: 20 }, (_, index) =>
      Inbox.open(nodeUrl(index), accessToken, owner.workspaceId).catch((refusal: Refusal) => refusal.data?.code),
    );
    const outcomes = await Promise.all(all);
    const inboxes = outcomes.filter((outcome) => outcome instanceof Inbox);
    expect(inboxes).toHaveLength(5);
    expect(new Set(outcomes.filter((outcome) => !(outcome instanceof Inbox)))).toEqual(new Set(['limit.connections']));
    for (const inbox of inboxes) inbox.leave();
  });

  it('W02 A20 and what a killed node held is free when its lease is over, while the other node goes on', async () => {
    const [lost, staying] = [await session(), await session()];
    const others = [await open(0, staying, 'websocket'), await open(0, staying, 'polling')].filter(isOpen);
    let disconnects = 0;
    for (const other of others) other.on('disconnect', () => (disconnects += 1));
    for (let index = 0; index < 5; index += 1) expect(await opens(1, lost, 'websocket')).toBe(true);
    expect(await opens(0, lost, 'websocket')).toBe(false);

    await stack.nodes[1]?.kill();
    const killedAt = Date.now();
    expect(await opens(0, lost, 'websocket')).toBe(false);
    for (let index = 0; index < 5; index += 1) {
      await until(() => opens(0, lost, 'websocket'), LEASE_SECONDS, 'a slot of the killed node');
    }
    // A second for knocking.
    expect(Date.now() - killedAt).toBeLessThan((LEASE_SECONDS + 1) * 1000);
    expect(await opens(0, lost, 'websocket')).toBe(false);
    expect(others.map(({ connected }) => connected)).toEqual([true, true]);
    expect(disconnects).toBe(0);
  }, 90_000);
});

describeServerStack('Visitors come and go by the thousand', (start) => {
  const VISITORS = 200;
  const SOCKETS_EACH = 5;
  const CYCLES = 5_000;
  const probe = new HeapProbe();
  let stack: Stack;
  let tokens: string[];

  beforeAll(async () => {
    stack = await start({ ...probe.env, LIMIT_SOCKETS_PER_IP: '2000' });
    const { embedKey } = await (await Admin.register(stack.url)).createEmbed([SITE]);
    tokens = [];
    for (let index = 0; index < VISITORS; index += 1) {
      tokens.push((await Visitor.openSession(stack.url, embedKey, SITE)).visitorToken);
    }
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    probe.dispose();
  });

  /** The visitors' sockets in turn, a handful at once. */
  async function openMany(count: number, then: (socket: Socket) => void): Promise<void> {
    let next = 0;
    const openNext = async (): Promise<void> => {
      while (next < count) {
        const token = tokens[next++ % VISITORS] ?? '';
        const socket = await knock(stack.url, token, 'websocket');
        if (!socket) throw new Error('a socket was refused');
        then(socket);
      }
    };
    await Promise.all(Array.from({ length: 8 }, openNext));
  }
  const comeAndGo = (count: number): Promise<void> => openMany(count, (socket) => void socket.disconnect());
  async function crowd(count: number): Promise<Socket[]> {
    const open: Socket[] = [];
    await openMany(count, (socket) => open.push(socket));
    return open;
  }
  /** Sooner than leases end by themselves. */
  const everySlotIsGivenBack = (): Promise<void> =>
    until(async () => (await slotsOf(stack)).length === 0, 5, 'the end of all slots');
  /** Sockets close a moment after their clients did; what is still alive after that is kept. */
  async function heapReturnsTo(before: number): Promise<void> {
    let grown = 0;
    await until(
      async () => (grown = (await probe.livingBytes(stack.api)) - before) < 10 * MEBIBYTE,
      10,
      () => `the heap, grown by ${(grown / MEBIBYTE).toFixed(1)} MiB,`,
    );
  }

  it('W09 A25 and nothing is left of five thousand that came and went, nor of a thousand at once', async () => {
    // What is made once, and compiled code, is there after the first hundreds.
    await comeAndGo(500);
    for (const socket of await crowd(200)) socket.disconnect();
    await everySlotIsGivenBack();
    const before = await probe.livingBytes(stack.api);

    await comeAndGo(CYCLES);
    await everySlotIsGivenBack();
    await heapReturnsTo(before);

    const open = await crowd(VISITORS * SOCKETS_EACH);
    expect(open.map(({ id }) => id)).toHaveLength(1_000);
    // One for each visitor, and one for the address of them all.
    expect(await slotsOf(stack)).toHaveLength(VISITORS + 1);
    expect(await knock(stack.url, tokens[0] ?? '', 'websocket')).toBeNull();
    expect(open.every(({ connected }) => connected)).toBe(true);
    expect(stack.api.log.match(/A thousand connections/g)).toHaveLength(1);
    const ack: unknown = await open[999]?.timeout(10_000).emitWithAck('conversation-sync', { afterSeq: 0 });
    expect(ack).toMatchObject({ ok: true });
    for (const socket of open) socket.disconnect();
    await everySlotIsGivenBack();
    await heapReturnsTo(before);
  }, 240_000);
});

/** The names under which sockets are counted. */
async function slotsOf({ env }: Stack): Promise<string[]> {
  const redis = new Redis(REDIS);
  try {
    return await redis.keys(`${env['REDIS_PREFIX']}sockets:*`);
  } finally {
    redis.disconnect();
  }
}
