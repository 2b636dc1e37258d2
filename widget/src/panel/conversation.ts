import type { ActiveAnswer, ChatMessage, ConversationSync, MessageSent, ServerEvents } from '@app/chat-protocol';
import { mergeDelta } from './merge-delta';
import type { OutboxItem } from './outbox';

/** Whether what arrived fits what is known. `gap`: something before it is missing, ask for a sync. */
export type Applied = 'applied' | 'gap';

/**
 * The conversation as far as this page knows it. Positions (`seq`) are the server's and have no gaps, so a missing one
 * shows that something was lost on the way.
 */
export class Conversation {
  private readonly bySeq = new Map<number, ChatMessage>();
  private readonly answers = new Map<string, ActiveAnswer>();
  private highest = 0;
  private contiguous = 0;

  /** The highest position up to which nothing is missing. */
  get contiguousSeq(): number {
    while (this.bySeq.has(this.contiguous + 1)) this.contiguous++;
    return this.contiguous;
  }

  get hasGap(): boolean {
    return this.contiguousSeq < this.highest && !this.isBeingAnswered(this.contiguousSeq + 1);
  }

  /** Finished messages in order. */
  get messages(): ChatMessage[] {
    return [...this.bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Answers being written, in order. */
  get activeAnswers(): ActiveAnswer[] {
    return [...this.answers.values()].sort((a, b) => a.seq - b.seq);
  }

  /** The server knows of a message at this position. */
  expect(seq: number): void {
    this.highest = Math.max(this.highest, seq);
  }

  add(message: ChatMessage): Applied {
    this.expect(message.seq);
    this.bySeq.set(message.seq, message);
    for (const [id, answer] of this.answers) if (answer.seq === message.seq) this.answers.delete(id);
    return this.hasGap ? 'gap' : 'applied';
  }

  /** A message of this page was stored. */
  addSent(item: OutboxItem, sent: MessageSent, createdAt: string): Applied {
    const { messageId: id, seq } = sent;
    const { clientMessageId, text } = item;
    return this.add({ id, seq, author: 'visitor', text, citations: [], createdAt, clientMessageId });
  }

  startAnswer({ answerId, inReplyTo, seq }: ServerEvents['answer-start']): Applied {
    this.expect(seq);
    if (!this.bySeq.has(seq) && !this.answers.has(answerId))
      this.answers.set(answerId, { answerId, inReplyTo, seq, offset: 0, text: '' });
    return this.hasGap ? 'gap' : 'applied';
  }

  addDelta({ answerId, offset, text: piece }: ServerEvents['answer-delta']): Applied {
    const answer = this.answers.get(answerId);
    const text = answer ? mergeDelta(answer.text, offset, piece) : null;
    if (!answer || text === null) return 'gap';
    answer.text = text;
    answer.offset = text.length;
    return 'applied';
  }

  endAnswer(end: ServerEvents['answer-end'], createdAt: string): Applied {
    const { answerId: id, inReplyTo, seq, text, citations, outcome } = end;
    return this.add({ id, seq, author: 'assistant', text, citations, createdAt, outcome, inReplyTo });
  }

  /** The answer could not be completed; what was shown of it stays. */
  failAnswer({ answerId: id, inReplyTo }: ServerEvents['answer-error'], createdAt: string): Applied {
    const answer = this.answers.get(id);
    if (!answer) return 'gap';
    const { seq, text } = answer;
    return this.add({ id, seq, author: 'assistant', text, citations: [], createdAt, outcome: 'failed', inReplyTo });
  }

  /** What the server answered to `conversation-sync`: it is right about which answer is being written. */
  merge({ messages, activeAnswer }: ConversationSync): void {
    for (const message of messages) this.add(message);
    const known = activeAnswer && this.answers.get(activeAnswer.answerId);
    this.answers.clear();
    if (!activeAnswer || this.bySeq.has(activeAnswer.seq)) return;
    this.expect(activeAnswer.seq);
    const text = known && known.text.length > activeAnswer.text.length ? known.text : activeAnswer.text;
    this.answers.set(activeAnswer.answerId, { ...activeAnswer, text, offset: text.length });
  }

  /** Another visitor session began: what was known belongs to the old one. */
  clear(): void {
    this.bySeq.clear();
    this.answers.clear();
    this.highest = this.contiguous = 0;
  }

  private isBeingAnswered(seq: number): boolean {
    return [...this.answers.values()].some((answer) => answer.seq === seq);
  }
}
