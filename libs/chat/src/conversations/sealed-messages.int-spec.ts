import { describeDatabases } from '@app/database/testing';
import type { TestEmbed } from '@app/embeds/testing';
import { ChatApp } from '../testing/chat-app';
import type { ChatVisitor } from '../testing/chat-visitor';
import { until } from '../testing/until';
import { WARRANTY_SENTENCES } from '../testing/warranty-passage';
import type { MessagesPage } from './conversations.dto';

interface StoredMessage {
  id: string;
  text: string;
  citations: string | null;
}

/** Somebody in front of a widget, and what lies in the database of the conversation. */
interface Talk {
  embed: TestEmbed;
  visitor: ChatVisitor;
  conversationId: string;
  secret: string;
  question: StoredMessage;
  answer: StoredMessage;
}

const QUOTE = WARRANTY_SENTENCES[0] ?? '';

const replaced = (sealed: string, part: number, change: (bytes: Buffer) => Buffer): string => {
  const parts = sealed.split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  return parts.with(part, change(bytes).toString('base64url')).join('.');
};
const flipped = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]);

describeDatabases('What is said lies encrypted', (create) => {
  let chat: ChatApp;
  let mine: Talk;
  let other: Talk;
  let foreign: Talk;

  beforeAll(async () => {
    chat = await ChatApp.start(create);
    const embed = await chat.addEmbed();
    mine = await talk(embed, 'My order number is 1234-violet');
    other = await talk(embed, 'My order number is 9876-orange');
    foreign = await talk(await chat.addEmbed(), 'My order number is 5555-indigo');
  });
  afterAll(async () => {
    for (const { visitor } of [mine, other, foreign]) visitor.leave();
    await chat.close();
  });

  const rows = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> =>
    chat.backbone.database.inspect<Row>(sql, parameters);

  async function talk(embed: TestEmbed, secret: string): Promise<Talk> {
    const visitor = await chat.visit(embed);
    const sent = await visitor.send(secret);
    await visitor.answerTo(sent);
    const [first, second] = await visitor.history();
    const stored = await rows<StoredMessage>('select id, text, citations from messages where id = any ($1)', [
      [first?.id, second?.id],
    ]);
    const [question, answer] = [first, second].map((said) => stored.find(({ id }) => id === said?.id));
    if (!question || !answer) throw new Error('a question and its answer are stored');
    return { embed, visitor, conversationId: sent.conversationId, secret, question, answer };
  }

  const put = (id: string, column: 'text' | 'citations', value: string | null) =>
    rows(`update messages set ${column} = $2 where id = $1`, [id, value]);

  /** What the workspace's people and the visitor get to read. */
  async function readers({
    embed,
    visitor,
    conversationId,
  }: Talk): Promise<{ status: number; code?: string; body: string }[]> {
    const path = `/v1/workspaces/${embed.workspaceId}/conversations/${conversationId}/messages`;
    const response = await fetch(chat.url + path);
    const read = (await response.json()) as MessagesPage & { code?: string };
    const ack = await visitor.emit('conversation-sync', { afterSeq: 0 });
    return [
      { status: response.status, code: read.code, body: JSON.stringify(read) },
      ack.ok
        ? { status: 200, body: JSON.stringify(ack) }
        : { status: ack.problem.status, code: ack.problem.code, body: JSON.stringify(ack) },
    ];
  }

  it('A26 in every column of the row, and both readers get it back', async () => {
    const [stored] = await rows<{ all: string }>('select json_agg(m)::text as all from messages m', []);
    for (const text of [mine.secret, other.secret, foreign.secret, QUOTE]) expect(stored?.all).not.toContain(text);
    for (const { status, body } of await readers(mine)) {
      expect([status, body.includes(mine.secret), body.includes(QUOTE)]).toEqual([200, true, true]);
    }
  });

  const otherPlaces: [string, () => string][] = [
    ['of another visitor', () => other.question.text],
    ['of another row of the conversation', () => mine.answer.text],
    ['of another column', () => mine.answer.citations ?? fail()],
    ['of another tenant', () => foreign.question.text],
  ];
  const damages: [string, (sealed: string) => string][] = [
    ['with a bit of the nonce flipped', (sealed) => replaced(sealed, 2, flipped)],
    ['with a bit of the text flipped', (sealed) => replaced(sealed, 3, flipped)],
    ['with a bit of the tag flipped', (sealed) => replaced(sealed, 4, flipped)],
    ['with a tag of 4 bytes', (sealed) => replaced(sealed, 4, (tag) => tag.subarray(0, 4))],
    ['with a tag of 15 bytes', (sealed) => replaced(sealed, 4, (tag) => tag.subarray(0, 15))],
    ['cut at its end', (sealed) => replaced(sealed, 3, (text) => text.subarray(0, -1))],
    ['under the name of another key', (sealed) => sealed.replace(/^v1\.[^.]+/, 'v1.other')],
    ['that was never sealed', () => 'Give me a refund'],
  ];

  it.each([...otherPlaces, ...damages])(
    'A26 and a text %s is an error for both readers, never other data',
    async (_name, forge) => {
      await put(mine.question.id, 'text', forge(mine.question.text));
      const seen = await readers(mine);
      await put(mine.question.id, 'text', mine.question.text);
      for (const { status, code, body } of seen) {
        expect([status, code]).toEqual([500, 'data.unreadable']);
        for (const said of [other.secret, foreign.secret, QUOTE, 'refund']) expect(body).not.toContain(said);
      }
    },
  );

  it.each<[string, () => string | null]>([
    ['another visitor', () => other.answer.citations],
    ['another tenant', () => foreign.answer.citations],
    ['the text column', () => mine.answer.text],
    ['nowhere: a bit is flipped', () => replaced(mine.answer.citations ?? '', 3, flipped)],
    ['nowhere: the tag is short', () => replaced(mine.answer.citations ?? '', 4, (tag) => tag.subarray(0, 4))],
  ])('A26 and citations from %s are an error for both readers', async (_name, forge) => {
    await put(mine.answer.id, 'citations', forge());
    const seen = await readers(mine);
    await put(mine.answer.id, 'citations', mine.answer.citations);
    expect(seen.map(({ status, code }) => [status, code])).toEqual([
      [500, 'data.unreadable'],
      [500, 'data.unreadable'],
    ]);
  });

  it('A26 and a forged turn fails the next answer, tells the model nothing and blocks nobody', async () => {
    await put(mine.question.id, 'text', foreign.question.text);
    const asked = chat.answers.requests.length;
    const sent = await mine.visitor.send('And then?');
    await until(() => mine.visitor.of('answer-error').length > 0);
    expect(mine.visitor.of('answer-error')).toMatchObject([
      { inReplyTo: sent.messageId, problem: { code: 'answer.failed' } },
    ]);
    expect(chat.answers.requests).toHaveLength(asked);
    await put(mine.question.id, 'text', mine.question.text);
    expect((await mine.visitor.ask('And then?')).outcome).toBe('answered');
    expect(JSON.stringify(chat.answers.requests.slice(asked))).not.toContain(foreign.secret);
  });
});
