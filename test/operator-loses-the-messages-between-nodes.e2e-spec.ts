import { Admin, call } from './support/admin';
import { Command } from './support/command';
import { DASHBOARD, Inbox } from './support/inbox';
import type { Product } from './support/product';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
/** What is promised where no node hears what another one publishes. */
const SECONDS_TO_CLOSE = 2;
const QUESTION = 'When is the shop open?';

describeServerStack('An operator loses the messages between nodes', (start) => {
  let stack: Stack;
  let owner: Admin;
  let embed: { id: string; embedKey: string };
  let visitor: Visitor;

  beforeAll(async () => {
    stack = await start({ CORS_ORIGINS: JSON.stringify([DASHBOARD]) }, { apiNodes: 2, hasWires: true });
  }, 180_000);
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    owner = await Admin.register(stack.url);
    embed = await owner.createEmbed([SITE]);
    visitor = await Visitor.arrive(elsewhere().url, embed.embedKey, SITE);
    stack.wires.redis.deafen();
  });
  afterEach(async () => {
    visitor.leave();
    await stack.wires.redis.mend();
  });

  /** The node that nothing is asked of but what is said on its sockets. */
  const elsewhere = (): Product => {
    const node = stack.nodes.at(-1);
    if (!node) throw new Error('the stack has no node');
    return node;
  };
  const change = (body: object): Promise<unknown> => owner.inWorkspace('PUT', `/embeds/${embed.id}`, body);

  const ENDS: [string, () => Promise<unknown>][] = [
    ['is killed', () => owner.inWorkspace('POST', `/embeds/${embed.id}/kill`)],
    ['is disabled', () => owner.inWorkspace('POST', `/embeds/${embed.id}/disable`)],
    ['does not know the site any more', () => change({ allowedOrigins: ['https://other.example.com'] })],
    ['belongs to a suspended workspace', () => Command.run(stack, 'workspaces:suspend', owner.workspaceId)],
  ];
  it.each(ENDS)('W06 A24 and chats on another node end although nobody tells it that the embed %s', async (_, end) => {
    expect((await visitor.sync(0)).ok).toBe(true);
    await end();
    await until(() => !visitor.socket.connected, SECONDS_TO_CLOSE, 'the end of the chat');
  });

  it('W06 and at the embed’s own end, and the token’s', async () => {
    await change({ expiresAt: new Date(stack.now.getTime() + 60_000).toISOString() });
    const other = await owner.createEmbed([SITE]);
    const staying = await Visitor.arrive(elsewhere().url, other.embedKey, SITE);
    await stack.advanceClock(61);
    await until(() => !visitor.socket.connected, SECONDS_TO_CLOSE, 'the end of the embed');
    expect((await staying.sync(0)).ok).toBe(true);
    await stack.advanceClock(900);
    await until(() => !staying.socket.connected, SECONDS_TO_CLOSE, 'the end of the token');
  });

  it('W06 T08 T15 and so do the inboxes of people who signed out or lost their place', async () => {
    const agent = await Admin.register(stack.url);
    await owner.addMember(agent, 'agent');
    const watch = ({ session }: Admin): Promise<Inbox> =>
      Inbox.open(elsewhere().url, session.accessToken, owner.workspaceId);
    const [leaving, staying] = [await watch(agent), await watch(owner)];
    await owner.inWorkspace('PUT', `/members/${agent.session.user.id}`, { role: 'viewer' });
    expect(await leaving.closed(SECONDS_TO_CLOSE)).toBe('access-lost');
    expect((await staying.emit('conversation-list', {})).ok).toBe(true);
    await call(stack.url, 'POST', '/v1/auth/logout', { token: owner.session.accessToken });
    expect(await staying.closed(SECONDS_TO_CLOSE)).toBe('session-ended');
  });

  it('and nothing that was said is lost: a page at the other node finds it when it asks', async () => {
    await owner.uploadAndIndex('hours.md', Buffer.from('# Hours\n\nThe shop is open from nine to five.\n'));
    const { resumeToken } = visitor.session;
    const here = await Visitor.arrive(stack.url, embed.embedKey, SITE, resumeToken);
    await here.ask(QUESTION);
    // Otherwise nothing was lost, and this story shows nothing.
    expect([...visitor.deltas, ...visitor.ended]).toEqual([]);
    expect((await visitor.history()).map(({ text }) => text)).toEqual([QUESTION, here.ended[0]?.text]);
    here.leave();
  });
});
