import { describeDatabase } from '@app/database/testing';
import { newId } from '@app/kernel';
import { ChatApp } from '../testing/chat-app';
import type { ConversationsPage, MessagesPage } from './conversations.dto';

describeDatabase('The people of a workspace', (create) => {
  let chat: ChatApp;
  beforeAll(async () => {
    chat = await ChatApp.start(create);
  });
  afterAll(() => chat.close());

  const get = async <T>(path: string): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${chat.url}/v1/workspaces/${path}`);
    return { status: response.status, body: (await response.json()) as T }; // asserted on by the caller
  };

  it('read what was said to visitors, page by page and in order', async () => {
    const embed = await chat.addEmbed();
    const base = `${embed.workspaceId}/conversations`;
    const visitors = [await chat.visit(embed), await chat.visit(embed), await chat.visit(embed)];
    for (const visitor of visitors) await visitor.ask('How do I claim the warranty?');
    for (const question of ['And then?', 'And then what?']) await visitors[0]?.ask(question);

    const first = await get<ConversationsPage>(`${base}?limit=2`);
    const rest = await get<ConversationsPage>(`${base}?limit=2&cursor=${first.body.nextCursor}`);
    const all = [...first.body.items, ...rest.body.items];
    expect(all.map(({ lastSeq }) => lastSeq)).toEqual([2, 2, 6]);
    expect(rest.body.nextCursor).toBeNull();
    expect(all[2]).toMatchObject({ embedId: embed.embedId, status: 'open' });

    const said: MessagesPage['items'] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `${base}/${all[2]?.id}/messages?limit=4${cursor && `&cursor=${cursor}`}`;
      const page: { body: MessagesPage } = await get<MessagesPage>(path);
      said.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(said).toEqual(await visitors[0]?.history());
    expect(said.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const visitor of visitors) visitor.leave();
  });

  it('find nothing of other workspaces', async () => {
    const [mine, other] = [await chat.addEmbed(), await chat.addEmbed()];
    const visitor = await chat.visit(other);
    await visitor.ask('How do I claim the warranty?');
    const [conversation] = (await get<ConversationsPage>(`${other.workspaceId}/conversations`)).body.items;
    expect(conversation).toBeDefined();
    expect((await get<ConversationsPage>(`${mine.workspaceId}/conversations`)).body.items).toEqual([]);
    for (const id of [conversation?.id, newId()]) {
      const answer = await get<{ code: string }>(`${mine.workspaceId}/conversations/${id}/messages`);
      expect([answer.status, answer.body.code]).toEqual([404, 'conversation.not-found']);
    }
    visitor.leave();
  });
});
