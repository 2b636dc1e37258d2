import { randomUUID } from 'node:crypto';
import { describeDatabase } from '@app/database/testing';
import type { TestEmbed } from '@app/embeds/testing';
import { ChatAgent, inboxSocket } from './testing/chat-agent';
import { ChatApp, DASHBOARD, SITE } from './testing/chat-app';
import { chatSocket, refusalOf } from './testing/chat-visitor';
import type { TestPerson } from './testing/test-people';
import { until } from './testing/until';

describeDatabase('The inbox', (create) => {
  let chat: ChatApp;
  let embed: TestEmbed;
  let anna: TestPerson;
  const open: ChatAgent[] = [];

  beforeAll(async () => {
    chat = await ChatApp.start(create);
    embed = await chat.addEmbed();
  });
  afterAll(() => chat.close());
  beforeEach(() => {
    anna = chat.people.add(embed.workspaceId);
  });
  afterEach(() => {
    for (const agent of open.splice(0)) agent.leave();
  });

  const enter = async (person: TestPerson): Promise<ChatAgent> => {
    const agent = await ChatAgent.connect(chat.url, person, DASHBOARD);
    open.push(agent);
    return agent;
  };
  const refusal = async (auth: Record<string, unknown>, origin?: string) =>
    (await refusalOf(inboxSocket(chat.url, auth, origin))).data?.code;

  it('shows the workspace’s conversations, page by page, and what is said while one watches', async () => {
    const agent = await enter(anna);
    const visitors = [await chat.visit(embed), await chat.visit(embed)] as const;
    for (const visitor of visitors) await visitor.ask('How do I claim the warranty?');
    await until(() => agent.of('message-added').length === 4);
    const [question, answer] = agent.of('message-added');
    expect(question).toMatchObject({ message: { author: 'visitor', text: 'How do I claim the warranty?', seq: 1 } });
    expect(answer).toMatchObject({ message: { author: 'assistant', outcome: 'answered', seq: 2 } });
    expect(answer?.message).toEqual((await visitors[0].history())[1]);
    const first = await agent.emit('conversation-list', { limit: 1 });
    if (!first.ok) throw new Error(first.problem.code);
    expect(first.data.items).toMatchObject([{ embedId: embed.embedId, status: 'open', lastSeq: 2 }]);
    const second = await agent.emit('conversation-list', { limit: 1, cursor: first.data.nextCursor ?? '' });
    expect(second).toMatchObject({ ok: true, data: { items: [{ id: question?.conversationId }], nextCursor: null } });
    for (const visitor of visitors) visitor.leave();
  });

  it('W08 lets nobody hear or list what belongs to another workspace', async () => {
    const theirs = await chat.addEmbed();
    const agent = await enter(chat.people.add(theirs.workspaceId));
    const visitor = await chat.visit(embed);
    await visitor.ask('How do I claim the warranty?');
    expect(await agent.emit('conversation-list', {})).toEqual({ ok: true, data: { items: [], nextCursor: null } });
    expect(agent.heard).toEqual([]);
    expect(await refusal({ token: anna.token, workspaceId: theirs.workspaceId }, DASHBOARD)).toBe(
      'workspace.not-found',
    );
    visitor.leave();
  });

  it('W01 W08 refuses foreign pages, tokens that are none, visitors, and roles that may not read', async () => {
    const { token, workspaceId } = anna;
    for (const origin of [SITE, 'https://evil.example', `${DASHBOARD}.evil.example`, 'http://admin.example.com']) {
      expect(await refusal({ token, workspaceId }, origin)).toBe('auth.token-invalid');
    }
    expect(await refusal({ token, workspaceId }, undefined)).toBeUndefined();
    for (const wrong of [undefined, '', 'a.b.c', ['x'], { $ne: '' }]) {
      expect(await refusal({ token: wrong, workspaceId }, DASHBOARD)).toBe('auth.token-invalid');
    }
    for (const wrong of [undefined, '', 'x', [workspaceId], null, randomUUID()]) {
      expect(await refusal({ token, workspaceId: wrong }, DASHBOARD)).toBe('workspace.not-found');
    }
    const viewer = chat.people.add(workspaceId, 'viewer');
    expect(await refusal({ token: viewer.token, workspaceId }, DASHBOARD)).toBe('access.denied');
    const visitor = await chat.visit(embed);
    expect(await refusal({ token: visitor.session.visitorToken, workspaceId }, DASHBOARD)).toBe('auth.token-invalid');
    expect((await refusalOf(chatSocket(chat.url, { token }, { origin: SITE }))).data?.code).toBe(
      'visitor.token-invalid',
    );
    visitor.leave();
  });

  it('A20 is open to one person five times, also when twenty come at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => enter(anna)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refused = tries.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ data: { code: 'limit.connections', status: 429 } });
  });

  it.each([
    ['T04 T08 T15 when the session ends', 'session-ended', () => chat.people.endSession(anna)],
    ['T15 when a member is taken out', 'access-lost', () => chat.people.change(anna, null)],
    ['W06 when a role no longer reads conversations', 'access-lost', () => chat.people.change(anna, 'viewer')],
    ['T15 when the workspace is suspended', 'access-lost', () => chat.people.change(anna, 'suspended')],
  ] as const)('%s, closes within a second, and only for those it concerns', async (_when, reason, change) => {
    const [agent, colleague] = [await enter(anna), await enter(chat.people.add(embed.workspaceId))];
    const before = Date.now();
    await change();
    await until(() => agent.socket.disconnected);
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(agent.of('session-closed')).toEqual([{ reason }]);
    expect(colleague.socket.connected).toBe(true);
    expect((await colleague.emit('conversation-list', {})).ok).toBe(true);
  });

  it.each([
    ['T15 an ended session', () => chat.people.endSession(anna, false)],
    ['W06 a lost role', () => chat.people.change(anna, 'viewer', false)],
  ] as const)(
    '%s of which nobody was told closes at the next event, and within two seconds without one',
    async (_what, change) => {
      const [speaking, silent] = [await enter(anna), await enter(anna)];
      const before = Date.now();
      await change();
      // The refusal and the end of the connection cross; what matters is that nothing is read any more.
      const ack = await speaking.emit('conversation-list', {}).catch(() => null);
      expect(ack?.ok).not.toBe(true);
      await until(() => speaking.socket.disconnected && silent.socket.disconnected);
      expect(Date.now() - before).toBeLessThan(2_000);
    },
  );

  it('closes with its token, unless that is renewed by one of the same session', async () => {
    const soon = new Date(Date.now() + 2_000);
    const [left, renewed] = [
      chat.people.add(embed.workspaceId, 'agent', soon),
      chat.people.add(embed.workspaceId, 'agent', soon),
    ];
    const agents = [await enter(left), await enter(renewed)] as const;
    const fresh = chat.people.signIn(renewed.user);
    expect(await agents[0].emit('token-renew', { token: fresh.token })).toMatchObject({
      problem: { code: 'auth.token-invalid' },
    });
    expect(await agents[1].emit('token-renew', { token: fresh.token })).toEqual({
      ok: true,
      data: { expiresAt: fresh.expiresAt.toISOString() },
    });
    await until(() => agents[0].socket.disconnected, 5);
    expect(agents[0].of('session-closed')).toEqual([{ reason: 'token-expired' }]);
    expect((await agents[1].emit('conversation-list', {})).ok).toBe(true);
  });

  it.each([
    ['an unknown event', 'no-such-event', [{}], 'event.unknown'],
    ['a magic name', '__proto__', [{}], 'event.unknown'],
    ['an event of visitors', 'message-send', [{ clientMessageId: randomUUID(), text: 'x' }], 'event.unknown'],
    ['a null payload', 'conversation-list', [null], 'request.invalid'],
    ['two payloads', 'conversation-list', [{}, {}], 'request.invalid'],
    ['a limit as text', 'conversation-list', [{ limit: '5' }], 'request.invalid'],
    ['a huge limit', 'conversation-list', [{ limit: 100_001 }], 'request.invalid'],
    ['a foreign workspace', 'conversation-list', [{ workspaceId: randomUUID() }], 'request.invalid'],
    ['a cursor nobody issued', 'conversation-list', [{ cursor: 'x' }], 'request.invalid'],
    ['a token that is none', 'token-renew', [{ token: 'x' }], 'auth.token-invalid'],
  ])('answers %s with a problem and stays open', async (_name, event, payloads, code) => {
    const agent = await enter(anna);
    expect(await agent.emitRaw(event, ...payloads)).toMatchObject({ ok: false, problem: { code } });
    expect((await agent.emit('conversation-list', {})).ok).toBe(true);
  });
});
