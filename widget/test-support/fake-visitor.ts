import { randomUUID } from 'node:crypto';
import type { ActiveAnswer, ChatMessage, ConversationSync, MessageSent } from '@app/chat-protocol';
import type { ScriptedAnswer } from './scripted-answer';

const PIECE_CHARS = 24;
const PIECE_MS = 15;

interface RunningAnswer extends ActiveAnswer {
  script: ScriptedAnswer;
}

/** One visitor's conversation on the fake gateway: stored messages, and the answer being written. */
export class FakeVisitor {
  private readonly id = randomUUID();
  private readonly messages: ChatMessage[] = [];
  private readonly sent = new Map<string, MessageSent>();
  private readonly waiting: { question: ChatMessage; script: ScriptedAnswer }[] = [];
  private lastSeq = 0;
  private running: RunningAnswer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isReleased = false;

  constructor(private readonly emit: (name: string, payload: object) => void) {}

  get position(): { id: string; lastSeq: number } | null {
    return this.lastSeq ? { id: this.id, lastSeq: this.lastSeq } : null;
  }

  /** Stores a question once and starts its answer. */
  ask(clientMessageId: string, text: string, script: ScriptedAnswer): MessageSent {
    const known = this.sent.get(clientMessageId);
    if (known) return known;
    const question = this.store({ id: randomUUID(), author: 'visitor', text, clientMessageId });
    const sent = { messageId: question.id, seq: question.seq, conversationId: this.id };
    this.sent.set(clientMessageId, sent);
    this.waiting.push({ question, script });
    this.timer ??= setTimeout(() => this.next(), PIECE_MS);
    return sent;
  }

  sync(afterSeq: number): ConversationSync {
    const messages = this.messages.filter(({ seq }) => seq > afterSeq);
    if (!this.running) return { messages };
    const { script: _, ...activeAnswer } = this.running;
    return { messages, activeAnswer };
  }

  stopAnswer(): void {
    if (this.running) this.finish({ outcome: 'stopped', text: this.running.text });
  }

  release(): void {
    this.isReleased = true;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private store(message: Omit<ChatMessage, 'seq' | 'citations' | 'createdAt'> & Partial<ChatMessage>): ChatMessage {
    const seq = message.seq ?? ++this.lastSeq;
    const stored = { citations: [], createdAt: new Date().toISOString(), ...message, seq };
    this.messages.push(stored);
    return stored;
  }

  private next(): void {
    this.timer = undefined;
    const first = this.waiting.shift();
    if (!first) return;
    const { question, script } = first;
    this.isReleased = false;
    this.running = { answerId: randomUUID(), inReplyTo: question.id, seq: ++this.lastSeq, offset: 0, text: '', script };
    const { answerId, inReplyTo, seq } = this.running;
    this.emit('answer-start', { answerId, inReplyTo, seq });
    this.schedule();
  }

  private schedule(): void {
    this.timer = setTimeout(() => this.write(), PIECE_MS);
  }

  private write(): void {
    const answer = this.running;
    if (!answer) return;
    const { script, text } = answer;
    if (script.holdAt !== undefined && text.length >= script.holdAt && !this.isReleased) return this.schedule();
    const piece = script.text.slice(text.length, text.length + (script.pieceChars ?? PIECE_CHARS));
    if (!piece) return script.failure ? this.fail(script.failure) : this.finish({});
    this.emit('answer-delta', { answerId: answer.answerId, offset: text.length, text: piece });
    answer.text += piece;
    answer.offset = answer.text.length;
    this.schedule();
  }

  private finish(changes: Partial<ChatMessage>): void {
    if (!this.running) return;
    const { answerId, inReplyTo, seq, script } = this.running;
    const { text, citations = [], outcome = 'answered', suggestions = [] } = script;
    const end = { inReplyTo, seq, text, citations, outcome, ...changes };
    this.store({ ...end, id: answerId, author: 'assistant' });
    this.emit('answer-end', { answerId, ...end, suggestions });
    this.end();
  }

  private fail(code: string): void {
    if (!this.running) return;
    const { answerId, inReplyTo, seq, text } = this.running;
    this.store({ id: answerId, author: 'assistant', seq, text, inReplyTo, outcome: 'failed' });
    const problem = { type: 'about:blank', title: 'It failed', status: 500, code };
    this.emit('answer-error', { answerId, inReplyTo, problem });
    this.end();
  }

  private end(): void {
    clearTimeout(this.timer);
    this.running = undefined;
    this.timer = setTimeout(() => this.next(), PIECE_MS);
  }
}
