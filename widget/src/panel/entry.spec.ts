import type { ChatMessage } from '@app/chat-protocol';
import { entriesOf } from './entry';

const message = (seq: number, changes: Partial<ChatMessage>): ChatMessage => ({
  id: `m${seq}`,
  seq,
  author: 'visitor',
  text: `text ${seq}`,
  citations: [],
  createdAt: '',
  ...changes,
});
const item = (clientMessageId: string) => ({ clientMessageId, text: clientMessageId, writtenAt: 0 });
const nothing = { messages: [], activeAnswers: [], refused: [], pending: [] };

describe('entriesOf', () => {
  it('shows stored messages and the answer in progress by position, then what was refused and what is on its way', () => {
    const entries = entriesOf({
      messages: [message(1, { clientMessageId: 'c1' }), message(3, {})],
      activeAnswers: [{ answerId: 'a', inReplyTo: 'm1', seq: 2, offset: 3, text: 'Hel' }],
      refused: [item('r')],
      pending: [item('p')],
    });
    expect(entries.map(({ key, state }) => [key, state])).toEqual([
      ['c1', 'done'],
      ['seq-2', 'streaming'],
      ['seq-3', 'done'],
      ['r', 'refused'],
      ['p', 'sending'],
    ]);
  });

  it('shows a message once whose acknowledgement was lost', () => {
    const entries = entriesOf({ ...nothing, messages: [message(1, { clientMessageId: 'c1' })], pending: [item('c1')] });
    expect(entries.map(({ key, state }) => [key, state])).toEqual([['c1', 'done']]);
  });

  it('leaves out an answer without text, which the dots stand for', () => {
    const activeAnswers = [{ answerId: 'a', inReplyTo: 'm1', seq: 2, offset: 0, text: '' }];
    expect(entriesOf({ ...nothing, activeAnswers })).toEqual([]);
  });

  it('offers to ask again what failed, with the words of the question', () => {
    const failed = message(2, { author: 'assistant', outcome: 'failed', inReplyTo: 'm1' });
    expect(entriesOf({ ...nothing, messages: [message(1, {}), failed] })[1]?.retryText).toBe('text 1');
  });
});
