import type { InboxConversation } from '@app/chat-protocol';
import { Admin, call } from './support/admin';
import { Command } from './support/command';
import { DASHBOARD, Inbox } from './support/inbox';
import { describeServerStack, describeStack, type Stack, type StartStack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const SITE = 'https://shop.example.com';
const settings = { CORS_ORIGINS: JSON.stringify([DASHBOARD]) };

/** A company with an owner and somebody who answers visitors. */
class Desk {
  readonly inboxes: Inbox[] = [];
  stack: Stack;
  owner: Admin;
  agent: Admin;

  async open(start: StartStack): Promise<void> {
    this.stack = await start(settings, { apiNodes: 2 });
  }

  async hire(): Promise<void> {
    [this.owner, this.agent] = [await Admin.register(this.stack.url), await Admin.register(this.stack.url)];
    await this.owner.addMember(this.agent, 'agent');
  }

  async signIn({ email, password } = this.agent): Promise<Tokens> {
    const body = { email, password, refreshTokenIn: 'body' };
    return (await call<Tokens>(this.stack.url, 'POST', '/v1/auth/login', { body })).body;
  }

  /** On the node that the changes are not made on, where there is a second one. */
  async watch({ accessToken }: Pick<Tokens, 'accessToken'>): Promise<Inbox> {
    const url = this.stack.nodes.at(-1)?.url ?? this.stack.url;
    const inbox = await Inbox.open(url, accessToken, this.owner.workspaceId);
    this.inboxes.push(inbox);
    return inbox;
  }

  leave(): void {
    for (const inbox of this.inboxes.splice(0)) inbox.leave();
  }
}

describeStack('An agent watches the inbox', (start) => {
  const desk = new Desk();
  beforeAll(() => desk.open(start), 180_000);
  beforeEach(() => desk.hire());
  afterEach(() => desk.leave());
  afterAll(() => desk.stack?.stop());

  it('and sees what visitors ask and what they are answered, and nothing of other companies', async () => {
    const stranger = await Admin.register(desk.stack.url);
    const [inbox, elsewhere] = [
      await desk.watch(await desk.signIn()),
      await Inbox.open(desk.stack.url, stranger.session.accessToken, stranger.workspaceId),
    ];
    await desk.owner.uploadAndIndex('hours.md', Buffer.from('# Hours\n\nThe shop is open from nine to five.\n'));
    const { embedKey } = await desk.owner.createEmbed([SITE]);
    const visitor = await Visitor.arrive(desk.stack.url, embedKey, SITE);
    const answer = await visitor.ask('When is the shop open?');
    await until(() => inbox.messages.length === 2, 5, 'two messages');
    const [asked, answered] = inbox.messages;
    expect(asked?.message).toMatchObject({ author: 'visitor', text: 'When is the shop open?', seq: 1 });
    expect(answered?.message).toMatchObject({ author: 'assistant', id: answer.answerId, text: answer.text });
    const list = await inbox.emit<{ items: InboxConversation[] }>('conversation-list', { limit: 10 });
    expect(list).toMatchObject({ ok: true, data: { items: [{ id: asked?.conversationId, lastSeq: 2 }] } });
    expect(await elsewhere.emit('conversation-list', {})).toMatchObject({ data: { items: [] } });
    expect(elsewhere.messages).toEqual([]);
    for (const one of [visitor, elsewhere]) one.leave();
  });

  it.each([
    ['T08 A01 signs out', 'POST', '/v1/auth/logout', undefined],
    ['T08 A01 signs out everywhere', 'POST', '/v1/auth/logout-all', undefined],
  ])('until they %s', async (_what, method, path, body) => {
    const tokens = await desk.signIn();
    const inbox = await desk.watch(tokens);
    const other = await desk.watch({ accessToken: desk.owner.session.accessToken });
    expect((await call(desk.stack.url, method, path, { token: tokens.accessToken, body })).status).toBe(204);
    expect(await inbox.closed(1)).toBe('session-ended');
    expect((await other.emit('conversation-list', {})).ok).toBe(true);
  });

  it('T09 until the password is changed elsewhere, and where it was changed they stay', async () => {
    const [here, there] = [await desk.signIn(), await desk.signIn()];
    const [staying, closing] = [await desk.watch(here), await desk.watch(there)];
    const body = { currentPassword: desk.agent.password, newPassword: 'Copper-meadow-71-whistle' };
    expect((await call(desk.stack.url, 'PUT', '/v1/me/password', { token: here.accessToken, body })).status).toBe(200);
    expect(await closing.closed(1)).toBe('session-ended');
    expect((await staying.emit('conversation-list', {})).ok).toBe(true);
  });

  it('T10 until another device ends that session, and no other one', async () => {
    const [here, there] = [await desk.signIn(), await desk.signIn()];
    const [staying, closing] = [await desk.watch(here), await desk.watch(there)];
    const token = here.accessToken;
    expect((await call(desk.stack.url, 'POST', '/v1/me/sessions/revoke-others', { token })).status).toBe(200);
    expect(await closing.closed(1)).toBe('session-ended');
    expect((await staying.emit('conversation-list', {})).ok).toBe(true);
  });

  it('T04 until a spent refresh token of the session comes back', async () => {
    const first = await desk.signIn();
    const refresh = (refreshToken: string) =>
      call<Tokens>(desk.stack.url, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    const second = (await refresh(first.refreshToken)).body;
    const third = (await refresh(second.refreshToken)).body;
    const inbox = await desk.watch(third);
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, body: { code: 'auth.refresh-reused' } });
    expect(await inbox.closed(1)).toBe('session-ended');
  });

  it.each([
    ['T15 are taken out of the workspace', 'DELETE', undefined, 204],
    ['T15 W06 I07 get a role that does not read conversations', 'PUT', { role: 'viewer' }, 200],
  ])('until they %s', async (_what, method, body, status) => {
    const inbox = await desk.watch(await desk.signIn());
    const changed = await desk.owner.inWorkspace(method, `/members/${desk.agent.session.user.id}`, body);
    expect(changed.status).toBe(status);
    expect(await inbox.closed(1)).toBe('access-lost');
  });

  it('T02 until their access token ends, unless they renew it in time', async () => {
    const [left, renewed] = [await desk.signIn(), await desk.signIn()];
    const [leaving, staying] = [await desk.watch(left), await desk.watch(renewed)];
    await desk.stack.advanceClock(600);
    const body = { refreshToken: renewed.refreshToken };
    const fresh = await call<Tokens>(desk.stack.url, 'POST', '/v1/auth/refresh', { body });
    expect(await staying.emit('token-renew', { token: fresh.body.accessToken })).toMatchObject({ ok: true });
    await desk.stack.advanceClock(301);
    expect(await leaving.closed(3)).toBe('token-expired');
    expect((await staying.emit('conversation-list', {})).ok).toBe(true);
  });
});

describeServerStack('An agent watches the inbox', (start) => {
  const desk = new Desk();
  beforeAll(() => desk.open(start), 180_000);
  beforeEach(() => desk.hire());
  afterEach(() => desk.leave());
  afterAll(() => desk.stack?.stop());

  it('T15 until an operator suspends the account, or the workspace', async () => {
    const [person, member] = [await desk.watch(await desk.signIn()), await desk.watch(await desk.signIn(desk.owner))];
    expect((await Command.run(desk.stack, 'users:suspend', desk.agent.email)).code).toBe(0);
    expect(await person.closed(1)).toBe('session-ended');
    expect((await member.emit('conversation-list', {})).ok).toBe(true);
    expect((await Command.run(desk.stack, 'workspaces:suspend', desk.owner.workspaceId)).code).toBe(0);
    expect(await member.closed(1)).toBe('access-lost');
  });
});
