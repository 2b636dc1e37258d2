import type { ConversationSync, MessageSent, ServerEvents } from '@app/chat-protocol';
import { AppError } from '@app/kernel';
import type { Said } from '../gateway/visitor-streams';

/** One event of `text/event-stream`. */
interface Frame {
  readonly event: string;
  readonly data: object;
  /** What a client that lost the connection sends back as `Last-Event-ID`: `answerId:offset`. */
  readonly id?: string;
}

const FAILED = new AppError('answer.failed').toProblem();
const POSITION = /^([0-9a-f-]{36}):(\d{1,9})$/;

/**
 * The events of one question's answer as a stream: each part of the text once and in order, wherever it comes from (what
 * is told as it happens, or what is read from the conversation) and wherever a lost connection had stopped.
 */
export class AnswerStream {
  /** Set when the answer has begun. */
  private answerId: string | null = null;
  private position = 0;
  private readonly resumed: { answerId: string; offset: number } | null;
  /** Set when everything has been said. */
  hasEnded = false;

  /** @param write gets each event as text, in order */
  constructor(
    private readonly sent: MessageSent,
    lastEventId: string | undefined,
    private readonly write: (text: string) => void,
  ) {
    const [, answerId, offset] = POSITION.exec(lastEventId ?? '') ?? [];
    this.resumed = answerId === undefined ? null : { answerId, offset: Number(offset) };
    this.send({ event: 'message-accepted', data: sent });
  }

  /**
   * Something the visitor was told as it happened.
   * @returns false when a part before it is missing: the conversation has to be read
   */
  hear({ event, payload }: Said): boolean {
    if (this.hasEnded) return true;
    if (event === 'answer-start') return this.begin(payload);
    if (event === 'answer-delta') return this.advance(payload.answerId, payload.offset, payload.text);
    if (event === 'answer-end' || event === 'answer-error') return this.end(event, payload);
    if (event === 'limit-warning') this.send({ event, data: payload });
    return true;
  }

  /** What the conversation holds after the question. */
  read({ messages, activeAnswer }: ConversationSync): void {
    if (this.hasEnded) return;
    const answer = messages.find(({ inReplyTo }) => inReplyTo === this.sent.messageId);
    if (answer) {
      const { id: answerId, seq, text, citations, outcome = 'answered' } = answer;
      const inReplyTo = this.sent.messageId;
      if (outcome === 'failed') return void this.end('answer-error', { answerId, inReplyTo, problem: FAILED });
      return void this.end('answer-end', { answerId, inReplyTo, seq, text, citations, outcome, suggestions: [] });
    }
    if (activeAnswer?.inReplyTo !== this.sent.messageId) return;
    this.begin(activeAnswer);
    this.advance(activeAnswer.answerId, 0, activeAnswer.text);
  }

  /** The stream ends for another reason than its answer; the client may ask again. */
  close(event: 'session-closed' | 'stream-paused', data: object): void {
    if (this.hasEnded) return;
    this.send({ event, data });
    this.hasEnded = true;
  }

  private begin({ answerId, inReplyTo, seq }: ServerEvents['answer-start']): boolean {
    if (inReplyTo !== this.sent.messageId || this.answerId !== null) return true;
    this.answerId = answerId;
    // What a client has of this answer it is not sent again.
    this.position = this.resumed?.answerId === answerId ? this.resumed.offset : 0;
    this.send({ event: 'answer-start', data: { answerId, inReplyTo, seq }, id: `${answerId}:${this.position}` });
    return true;
  }

  private advance(answerId: string, offset: number, text: string): boolean {
    // Of another question; or of this one, and its beginning was lost: then the next reading of the conversation tells.
    if (answerId !== this.answerId) return true;
    if (offset > this.position) return false;
    const fresh = text.slice(this.position - offset);
    if (fresh === '') return true;
    const at = this.position;
    this.position += fresh.length;
    this.send({
      event: 'answer-delta',
      data: { answerId, offset: at, text: fresh },
      id: `${answerId}:${this.position}`,
    });
    return true;
  }

  private end<E extends 'answer-end' | 'answer-error'>(event: E, payload: ServerEvents[E]): boolean {
    if (payload.inReplyTo !== this.sent.messageId) return true;
    this.send({ event, data: payload });
    this.hasEnded = true;
    return true;
  }

  private send({ event, data, id }: Frame): void {
    this.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
