import { randomUUID } from 'node:crypto';
import type { AnswerPart } from '@app/ai';
import type { EmbedSession } from '@app/chat-protocol';
import { describeDatabase } from '@app/database/testing';
import { openTestSession, type TestEmbed } from '@app/embeds/testing';
import { ChatApp, SITE } from './testing/chat-app';
import { ChatVisitor } from './testing/chat-visitor';
import { eventsOf, type ReadEvent } from './testing/event-reader';
import { Gate } from './testing/gate';
import { WARRANTY_SENTENCES } from './testing/warranty-passage';

const [FIRST = '', SECOND = '', THIRD = ''] = WARRANTY_SENTENCES;
const text = (sentence: string): AnswerPart => ({ type: 'text', text: `${sentence} [1] ` });
const question = () => ({ clientMessageId: randomUUID(), text: 'How do I claim the warranty?' });

describeDatabase('The chat over plain HTTP', (create) => {
  let one: ChatApp;
  let two: ChatApp;
  let embed: TestEmbed;
  let session: EmbedSession;

  beforeAll(async () => {
    const backbone = await ChatApp.backbone(create);
    [one, two] = [await ChatApp.startNode(backbone), await ChatApp.startNode(backbone)];
    embed = await one.addEmbed();
    two.search.set(embed.workspaceId, []);
  });
  afterAll(async () => {
    await two.closeNode();
    await one.close();
  });
  beforeEach(async () => {
    session = await openTestSession(one.app, { embedKey: embed.embedKey, origin: SITE });
  });

  const headers = (more: Record<string, string> = {}): Record<string, string> => ({
    authorization: `Bearer ${session.visitorToken}`,
    origin: SITE,
    ...more,
  });
  const post = (body: object, more: Record<string, string> = {}, node = one, signal?: AbortSignal): Promise<Response> =>
    fetch(`${node.url}/v1/embed/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(more) },
      body: JSON.stringify(body),
      signal,
    });
  const all = async (response: Response): Promise<ReadEvent[]> => {
    const events: ReadEvent[] = [];
    for await (const event of eventsOf(response)) events.push(event);
    return events;
  };
  const textOf = (events: ReadEvent[]): string =>
    events
      .filter(({ event }) => event === 'answer-delta')
      .map(({ data }) => String(data['text']))
      .join('');
  /** Says two sentences at once and the third when the gate opens. */
  const inTwoParts = (gate: Gate) =>
    async function* () {
      yield text(FIRST);
      yield text(SECOND);
      await gate.opened;
      yield text(THIRD);
      yield { type: 'end' as const, reason: 'complete' as const, model: 'fake' };
    };

  it('streams the same answer as a socket, and reads the same conversation', async () => {
    const response = await post(question());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const events = await all(response);
    expect(events[0]).toMatchObject({ event: 'message-accepted', data: { seq: 1 } });
    const end = events.at(-1);
    expect(end).toMatchObject({ event: 'answer-end', data: { outcome: 'answered', seq: 2 } });
    expect(textOf(events)).toBe(end?.data['text']);
    const visitor = await ChatVisitor.connect(one.url, session, SITE);
    const read = await fetch(`${two.url}/v1/embed/conversation?afterSeq=0`, { headers: headers() });
    expect([read.status, await read.json()]).toEqual([200, await visitor.sync()]);
    visitor.leave();
  });

  it('goes on where a lost connection stopped, on another node too, without a gap and without a repeat', async () => {
    const gate = new Gate();
    one.script = inTwoParts(gate);
    const message = question();
    const cut = new AbortController();
    const heard: ReadEvent[] = [];
    for await (const event of eventsOf(await post(message, {}, one, cut.signal))) {
      heard.push(event);
      if (event.event === 'answer-delta') break;
    }
    cut.abort();
    const resuming = post(message, { 'last-event-id': heard.at(-1)?.id ?? '' }, two).then(all);
    setTimeout(() => gate.release(), 300);
    const rest = await resuming;
    expect(rest[0]?.data).toEqual(heard[0]?.data);
    const end = rest.at(-1);
    expect(end?.event).toBe('answer-end');
    expect(textOf(heard)).not.toBe('');
    expect(textOf([...heard, ...rest])).toBe(end?.data['text']);
    expect(one.answers.requests.length).toBeGreaterThan(0);
    const { messages } = (await (await fetch(`${one.url}/v1/embed/conversation`, { headers: headers() })).json()) as {
      messages: unknown[];
    };
    expect(messages).toHaveLength(2);
  });

  it('gives an answer that has ended at once to whoever sends the same message again', async () => {
    one.script = inTwoParts(opened());
    const message = question();
    await all(await post(message));
    const again = await all(await post(message, {}, two));
    expect(again.map(({ event }) => event)).toEqual(['message-accepted', 'answer-end']);
  });

  it.each([
    ['without a token', { authorization: '' }, 401, 'visitor.token-invalid'],
    ['with an invented token', { authorization: 'Bearer a.b.c' }, 401, 'visitor.token-invalid'],
    ['from another page', { origin: 'https://evil.example' }, 401, 'visitor.token-invalid'],
    ['from "null"', { origin: 'null' }, 401, 'visitor.token-invalid'],
  ])('A09 W08 refuses a request %s', async (_name, more, status, code) => {
    for (const answer of [
      await post(question(), more),
      await fetch(`${one.url}/v1/embed/conversation`, { headers: headers(more) }),
    ]) {
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    }
  });

  it('A22 refuses what a socket refuses, as a problem and before anything is stored', async () => {
    for (const body of [{}, { ...question(), text: ' ' }, { ...question(), visitorId: randomUUID() }, []]) {
      const answer = await post(body);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'request.invalid']);
    }
    const tooLong = await post({ ...question(), text: 'x'.repeat(4_001) });
    expect(((await tooLong.json()) as { code: string }).code).toBe('message.too-long');
    const huge = await post({ ...question(), text: 'x'.repeat(70_000) });
    expect(huge.status).toBe(413);
    const read = await fetch(`${one.url}/v1/embed/conversation`, { headers: headers() });
    expect(await read.json()).toEqual({ messages: [] });
  });

  it('A20 counts a stream as a socket, and gives its place back', async () => {
    const gate = new Gate();
    one.script = inTwoParts(gate);
    const sockets = [];
    for (let n = 0; n < 5; n += 1) sockets.push(await ChatVisitor.connect(one.url, session, SITE));
    const refused = await post(question());
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'limit.connections']);
    gate.release();
    sockets.pop()?.leave();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await all(await post(question()))).at(-1)?.event).toBe('answer-end');
    expect((await all(await post(question()))).at(-1)?.event).toBe('answer-end');
    for (const socket of sockets) socket.leave();
  });

  it('W06 ends a stream within two seconds when its embed is disabled', async () => {
    const gate = new Gate();
    one.script = inTwoParts(gate);
    const response = await post(question());
    const before = Date.now();
    await one.change(embed, 'disable');
    const events = await all(response);
    expect(events.at(-1)).toEqual({ event: 'session-closed', data: { reason: 'embed-changed' } });
    expect(Date.now() - before).toBeLessThan(2_500);
    gate.release();
    await one.change(embed, 'enable');
  });

  it('tells browsers what they may send from which page', async () => {
    const answer = await fetch(`${one.url}/v1/embed/messages`, { method: 'OPTIONS', headers: { origin: SITE } });
    expect([answer.status, answer.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization, content-type, last-event-id',
    ]);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

function opened(): Gate {
  const gate = new Gate();
  gate.release();
  return gate;
}
