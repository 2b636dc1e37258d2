import type { ChatMessage } from '@app/chat-protocol';
import { Conversation } from './conversation';

const AT = '2026-01-01T00:00:00.000Z';
const message = (seq: number, changes: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${seq}`,
  seq,
  author: 'visitor',
  text: `text ${seq}`,
  citations: [],
  createdAt: AT,
  ...changes,
});
const start = (seq: number) => ({ answerId: `a${seq}`, inReplyTo: `m${seq - 1}`, seq });
const end = (seq: number, text: string) => ({
  ...start(seq),
  text,
  citations: [],
  outcome: 'answered' as const,
  suggestions: [],
});

describe('Conversation', () => {
  let conversation: Conversation;
  beforeEach(() => {
    conversation = new Conversation();
  });

  it('knows up to where nothing is missing', () => {
    conversation.add(message(1));
    expect(conversation.contiguousSeq).toBe(1);
    expect(conversation.add(message(3))).toBe('gap');
    expect(conversation.contiguousSeq).toBe(1);
    expect(conversation.add(message(2))).toBe('applied');
    expect(conversation.contiguousSeq).toBe(3);
  });

  it('does not call the place of an answer in progress a gap', () => {
    conversation.add(message(1));
    expect(conversation.startAnswer(start(2))).toBe('applied');
    expect(conversation.add(message(3))).toBe('applied');
    expect(conversation.contiguousSeq).toBe(1);
  });

  it('sees a message it was told about but never got as a gap', () => {
    conversation.expect(2);
    expect(conversation.hasGap).toBe(true);
  });

  it('builds an answer from pieces and replaces it by the whole text', () => {
    conversation.add(message(1));
    conversation.startAnswer(start(2));
    conversation.addDelta({ answerId: 'a2', offset: 0, text: 'Hel' });
    conversation.addDelta({ answerId: 'a2', offset: 2, text: 'llo' });
    expect(conversation.activeAnswers.map(({ text }) => text)).toEqual(['Hello']);
    expect(conversation.endAnswer(end(2, 'Hello you.'), AT)).toBe('applied');
    expect(conversation.activeAnswers).toEqual([]);
    expect(conversation.messages.map(({ text }) => text)).toEqual(['text 1', 'Hello you.']);
  });

  it('asks for a sync when a piece is missing or belongs to an answer it never saw', () => {
    expect(conversation.addDelta({ answerId: 'a2', offset: 0, text: 'x' })).toBe('gap');
    conversation.startAnswer(start(1));
    expect(conversation.addDelta({ answerId: 'a1', offset: 5, text: 'x' })).toBe('gap');
  });

  it('goes on with an answer after a sync, keeping what it has when that is more', () => {
    conversation.add(message(1));
    conversation.startAnswer(start(2));
    conversation.addDelta({ answerId: 'a2', offset: 0, text: 'Hello' });
    conversation.merge({ messages: [], activeAnswer: { ...start(2), offset: 3, text: 'Hel' } });
    expect(conversation.addDelta({ answerId: 'a2', offset: 3, text: 'lo you' })).toBe('applied');
    expect(conversation.activeAnswers[0]?.text).toBe('Hello you');
  });

  it('finds an answer finished that ended while it was away', () => {
    conversation.add(message(1));
    conversation.startAnswer(start(2));
    conversation.merge({ messages: [message(2, { id: 'a2', author: 'assistant', text: 'Done.' })] });
    expect(conversation.activeAnswers).toEqual([]);
    expect(conversation.contiguousSeq).toBe(2);
  });

  it('drops an answer the server no longer writes', () => {
    conversation.startAnswer(start(1));
    conversation.merge({ messages: [] });
    expect(conversation.activeAnswers).toEqual([]);
  });

  it('does not start an answer again that has ended', () => {
    conversation.add(message(1));
    conversation.endAnswer(end(2, 'Done.'), AT);
    conversation.startAnswer(start(2));
    expect(conversation.activeAnswers).toEqual([]);
  });

  it('keeps what was shown of a failed answer', () => {
    conversation.add(message(1));
    conversation.startAnswer(start(2));
    conversation.addDelta({ answerId: 'a2', offset: 0, text: 'Half' });
    const problem = { type: 'about:blank', title: 'No', status: 500, code: 'answer.failed' };
    conversation.failAnswer({ answerId: 'a2', inReplyTo: 'm1', problem }, AT);
    expect(conversation.messages[1]).toMatchObject({ text: 'Half', outcome: 'failed' });
  });

  it('counts a message once, whether the ack or the sync came first', () => {
    const item = { clientMessageId: 'c1', text: 'text 1', writtenAt: 0 };
    conversation.merge({ messages: [message(1, { clientMessageId: 'c1' })] });
    conversation.addSent(item, { messageId: 'm1', seq: 1, conversationId: 'k' }, AT);
    expect(conversation.messages).toHaveLength(1);
  });

  it('forgets everything when another visitor begins', () => {
    conversation.add(message(1));
    conversation.startAnswer(start(2));
    conversation.clear();
    expect([conversation.messages, conversation.activeAnswers, conversation.contiguousSeq]).toEqual([[], [], 0]);
  });
});
