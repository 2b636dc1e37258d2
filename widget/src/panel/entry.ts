import type { ActiveAnswer, AnswerOutcome, ChatMessage, Citation, MessageAuthor } from '@app/chat-protocol';
import type { OutboxItem } from './outbox';

/** One message as it is shown. */
export interface Entry {
  /** The same as long as it is the same message, from the outbox to the stored one. */
  key: string;
  author: MessageAuthor;
  text: string;
  state: 'sending' | 'refused' | 'streaming' | 'done';
  citations: readonly Citation[];
  outcome?: AnswerOutcome;
  /** The question to ask again; only where that makes sense. */
  retryText?: string;
}

/** What there is to show. */
export interface EntrySources {
  /** Stored messages in order. */
  messages: readonly ChatMessage[];
  activeAnswers: readonly ActiveAnswer[];
  /** Refused for good, and still on their way: both behind everything stored. */
  refused: readonly OutboxItem[];
  pending: readonly OutboxItem[];
}

/** Everything in the order it is shown. An answer that has no text yet is left out. */
export function entriesOf({ messages, activeAnswers, refused, pending }: EntrySources): Entry[] {
  const questions = new Map(messages.map((message) => [message.id, message.text]));
  // A message whose acknowledgement was lost is stored and still in the outbox.
  const known = new Set(messages.map(({ clientMessageId }) => clientMessageId));
  const stored = [
    ...messages.map((message) => ({ seq: message.seq, entry: messageEntry(message, questions) })),
    ...activeAnswers.filter(({ text }) => text).map((answer) => ({ seq: answer.seq, entry: answerEntry(answer) })),
  ].sort((a, b) => a.seq - b.seq);
  return [
    ...stored.map(({ entry }) => entry),
    ...refused.map((item): Entry => ({ ...itemEntry(item), state: 'refused', retryText: item.text })),
    ...pending.filter(({ clientMessageId }) => !known.has(clientMessageId)).map(itemEntry),
  ];
}

function messageEntry(message: ChatMessage, questions: ReadonlyMap<string, string>): Entry {
  const { seq, author, text, citations, outcome, inReplyTo, clientMessageId } = message;
  const retryText = outcome === 'failed' && inReplyTo ? questions.get(inReplyTo) : undefined;
  return { key: clientMessageId ?? `seq-${seq}`, author, text, citations, outcome, state: 'done', retryText };
}

function answerEntry({ seq, text }: ActiveAnswer): Entry {
  return { key: `seq-${seq}`, author: 'assistant', text, citations: [], state: 'streaming' };
}

function itemEntry({ clientMessageId, text }: OutboxItem): Entry {
  return { key: clientMessageId, author: 'visitor', text, citations: [], state: 'sending' };
}
