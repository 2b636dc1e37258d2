import type { ChatMessage } from '@app/chat-protocol';
import { AnswerStream } from './answer-stream';

const sent = { messageId: 'question', seq: 3, conversationId: 'conversation' };
const answerId = '0190b8a0-0000-7000-8000-000000000001';
const start = { event: 'answer-start', payload: { answerId, inReplyTo: 'question', seq: 4 } } as const;
const delta = (offset: number, text: string) =>
  ({ event: 'answer-delta', payload: { answerId, offset, text } }) as const;
const end = {
  event: 'answer-end',
  payload: {
    ...{ answerId, inReplyTo: 'question', seq: 4, text: 'Hello there', citations: [], suggestions: [] },
    outcome: 'answered',
  },
} as const;
const active = (text: string) => ({
  messages: [],
  activeAnswer: { answerId, inReplyTo: 'question', seq: 4, offset: text.length, text },
});

function open(lastEventId?: string) {
  let written = '';
  const stream = new AnswerStream(sent, lastEventId, (text) => (written += text));
  const frames = () =>
    written
      .split('\n\n')
      .filter(Boolean)
      .map((frame) => Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))));
  const text = () =>
    frames()
      .filter(({ event }) => event === 'answer-delta')
      .map(({ data }) => (JSON.parse(String(data)) as { text: string }).text)
      .join('|');
  return { stream, frames, text, names: () => frames().map(({ event }) => event) };
}

describe('The stream of an answer', () => {
  it('says what was accepted, then the answer as it is told, and ends with it', () => {
    const { stream, names, text } = open();
    for (const said of [start, delta(0, 'Hello'), delta(5, ' there'), end]) expect(stream.hear(said)).toBe(true);
    expect(names()).toEqual(['message-accepted', 'answer-start', 'answer-delta', 'answer-delta', 'answer-end']);
    expect(text()).toBe('Hello| there');
    expect(stream.hasEnded).toBe(true);
  });

  it('says each part once, whether told or read, and asks for what is missing', () => {
    const { stream, text } = open();
    stream.read(active('Hel'));
    expect(stream.hear(delta(0, 'Hello'))).toBe(true);
    expect(stream.hear(delta(8, 'ere'))).toBe(false);
    stream.read(active('Hello the'));
    expect(stream.hear(delta(8, 'ere'))).toBe(true);
    expect(text()).toBe('Hel|lo| the|re');
  });

  it('goes on where a lost connection stopped', () => {
    const first = open();
    for (const said of [start, delta(0, 'Hello')]) first.stream.hear(said);
    const lastId = String(first.frames().at(-1)?.['id']);
    const second = open(lastId);
    second.stream.read(active('Hello th'));
    second.stream.hear(delta(8, 'ere'));
    expect(second.text()).toBe(' th|ere');
    const elsewhere = open(`${answerId.replace('1', '2')}:5`);
    elsewhere.stream.read(active('Hello'));
    expect(elsewhere.text()).toBe('Hello');
    const strange = open('x:-1\nevent: forged');
    strange.stream.read(active('Hello'));
    expect(strange.text()).toBe('Hello');
  });

  it('ends with what the conversation holds when nobody told it, and says nothing after that', () => {
    const { stream, names } = open();
    const message: ChatMessage = {
      ...{ id: answerId, seq: 4, author: 'assistant', text: 'x\n\nevent: forged', citations: [], createdAt: '' },
      ...{ outcome: 'answered', inReplyTo: 'question' },
    };
    stream.read({ messages: [message] });
    stream.hear(end);
    stream.close('stream-paused', {});
    expect(names()).toEqual(['message-accepted', 'answer-end']);
  });

  it('tells a failed answer as a problem', () => {
    const { stream, frames } = open();
    const failed: ChatMessage = {
      ...{ id: answerId, seq: 4, author: 'assistant', text: '', citations: [], createdAt: '' },
      ...{ outcome: 'failed', inReplyTo: 'question' },
    };
    stream.read({ messages: [failed] });
    expect(frames().at(-1)).toMatchObject({ event: 'answer-error' });
    expect(JSON.parse(String(frames().at(-1)?.['data']))).toMatchObject({ problem: { code: 'answer.failed' } });
  });

  it('leaves other questions’ answers alone', () => {
    const { stream, names } = open();
    const other = { answerId: 'other', inReplyTo: 'another question', seq: 2 };
    stream.hear({ event: 'answer-start', payload: other });
    stream.hear({ event: 'answer-delta', payload: { answerId: 'other', offset: 0, text: 'No' } });
    stream.hear({
      event: 'answer-error',
      payload: { ...other, problem: { type: '', title: '', status: 500, code: '' } },
    });
    expect(names()).toEqual(['message-accepted']);
  });
});
