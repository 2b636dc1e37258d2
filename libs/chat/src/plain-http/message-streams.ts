import { PassThrough, type Readable } from 'node:stream';
import type { ClientEvents, MessageSent, ServerEvents } from '@app/chat-protocol';
import type { VisitorCaller } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { VisitorConversation } from '../conversations/visitor-conversation';
import { MessageSender } from '../gateway/message-sender.service';
import { VisitorStreams } from '../gateway/visitor-streams';
import { ConnectionSlots } from '../sockets/connection-slots';
import { AnswerStream } from './answer-stream';

export interface MessageRequest {
  readonly payload: ClientEvents['message-send']['payload'];
  readonly lastEventId: string | undefined;
  /** Limits that are near, to be told first. */
  readonly warnings: readonly ServerEvents['limit-warning'][];
}

/** A stream that is open. */
interface OpenStream {
  readonly output: PassThrough;
  readonly answer: AnswerStream;
}

/** How often the token is checked again, lost events are looked for, and proxies are kept from giving up. */
const TICK_MS = 1_500;
/** Two minutes. A question may wait its turn for longer: the client sends it again and goes on where it was. */
const MAX_TICKS = 80;

/** Answers as event streams, for visitors whose network lets no socket through. */
@Injectable()
export class MessageStreams implements OnModuleDestroy {
  private readonly logger = new Logger(MessageStreams.name);
  private readonly open = new Set<OpenStream>();

  constructor(
    private readonly sender: MessageSender,
    private readonly conversation: VisitorConversation,
    private readonly streams: VisitorStreams,
    private readonly slots: ConnectionSlots,
  ) {}

  onModuleDestroy(): void {
    for (const stream of this.open) end(stream, 'session-closed', { reason: 'server-stopping' });
  }

  /**
   * Stores the message, once, and streams its answer. A stream takes the place of a socket while it is open.
   * @throws AppError `limit.connections`, and as `MessageSender.send`
   */
  async send(ctx: WorkspaceContext, visitor: VisitorCaller, request: MessageRequest): Promise<Readable> {
    const output = new PassThrough();
    // Who reads it hears of an error; until somebody does, and when nobody ever does, nothing may be thrown.
    output.on('error', () => undefined);
    const release = await this.slots.acquire({ holder: `visitor:${visitor.visitorId}`, ip: ctx.ip ?? '' });
    output.once('close', release);
    try {
      const sent = await this.sender.send(ctx, { from: visitor, payload: request.payload });
      const answer = new AnswerStream(sent, request.lastEventId, (text) => output.write(text));
      for (const payload of request.warnings) answer.hear({ event: 'limit-warning', payload });
      await this.follow(ctx, { visitor, sent }, { output, answer });
      return output;
    } catch (error) {
      output.destroy();
      throw error;
    }
  }

  private async follow(
    ctx: WorkspaceContext,
    { visitor, sent }: { visitor: VisitorCaller; sent: MessageSent },
    stream: OpenStream,
  ): Promise<void> {
    const { output, answer } = stream;
    const read = async (): Promise<void> => {
      answer.read(await this.conversation.sync(ctx, visitor.visitorId, sent.seq));
      if (answer.hasEnded) output.end();
    };
    const cut = (error: unknown): void => {
      this.logger.error({ err: error, requestId: ctx.requestId }, 'the stream of an answer was cut');
      output.destroy();
    };
    // What happened before this is in the conversation, which is read after it.
    const stopListening = await this.streams.listen(visitor.visitorId, (said) => {
      if (!answer.hear(said)) read().catch(cut);
      else if (answer.hasEnded) output.end();
    });
    const stopTicking = every(TICK_MS, (tick) => this.tick(stream, { visitor, tick, read }), cut);
    this.open.add(stream);
    output.once('close', () => {
      this.open.delete(stream);
      stopListening();
      stopTicking();
    });
    await read();
  }

  private async tick(
    stream: OpenStream,
    { visitor, tick, read }: { visitor: VisitorCaller; tick: number; read: () => Promise<void> },
  ): Promise<void> {
    if (stream.answer.hasEnded) return;
    const reason = await visitor.findFault();
    if (reason !== null) return end(stream, 'session-closed', { reason });
    if (tick >= MAX_TICKS) return end(stream, 'stream-paused', {});
    stream.output.write(': still here\n\n');
    await read();
  }
}

function end({ answer, output }: OpenStream, event: 'session-closed' | 'stream-paused', data: object): void {
  answer.close(event, data);
  output.end();
}

/** Repeats `work`, which is told how often; never twice at once. @returns ends it */
function every(ms: number, work: (tick: number) => Promise<void>, failed: (error: unknown) => void): () => void {
  let tick = 0;
  let isBusy = false;
  const timer = setInterval(() => {
    tick += 1;
    if (isBusy) return;
    isBusy = true;
    work(tick)
      .catch(failed)
      .finally(() => (isBusy = false));
  }, ms);
  return () => clearInterval(timer);
}
