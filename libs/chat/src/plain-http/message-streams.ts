import { PassThrough, type Readable } from 'node:stream';
import type { ClientEvents, MessageSent } from '@app/chat-protocol';
import type { VisitorCaller } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { VisitorConversation } from '../conversations/visitor-conversation';
import { MessageSender } from '../gateway/message-sender.service';
import { VisitorStreams } from '../gateway/visitor-streams';
import { ConnectionSlots } from '../sockets/connection-slots';
import { AnswerStream } from './answer-stream';

export interface MessageRequest {
  readonly payload: ClientEvents['message-send']['payload'];
  readonly lastEventId: string | undefined;
}

/** How often the token is checked again, lost events are looked for, and proxies are kept from giving up. */
const TICK_MS = 1_500;
/** Two minutes. A question may wait its turn for longer: the client sends it again and goes on where it was. */
const MAX_TICKS = 80;

/** Answers as event streams, for visitors whose network lets no socket through. */
@Injectable()
export class MessageStreams {
  private readonly logger = new Logger(MessageStreams.name);

  constructor(
    private readonly sender: MessageSender,
    private readonly conversation: VisitorConversation,
    private readonly streams: VisitorStreams,
    private readonly slots: ConnectionSlots,
  ) {}

  /**
   * Stores the message, once, and streams its answer. A stream takes the place of a socket while it is open.
   * @throws AppError `limit.connections`, and as `MessageSender.send`
   */
  async open(ctx: WorkspaceContext, visitor: VisitorCaller, request: MessageRequest): Promise<Readable> {
    const release = await this.slots.acquire({ holder: `visitor:${visitor.visitorId}`, ip: ctx.ip ?? '' });
    try {
      const sent = await this.sender.send(ctx, { from: visitor, payload: request.payload });
      const output = new PassThrough();
      output.once('close', release);
      await this.stream(ctx, { visitor, sent, lastEventId: request.lastEventId }, output);
      return output;
    } catch (error) {
      release();
      throw error;
    }
  }

  private async stream(
    ctx: WorkspaceContext,
    { visitor, sent, lastEventId }: { visitor: VisitorCaller; sent: MessageSent; lastEventId: string | undefined },
    output: PassThrough,
  ): Promise<void> {
    const answer = new AnswerStream(sent, lastEventId, (text) => output.write(text));
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
    const stopTicking = every(
      TICK_MS,
      async (tick) => {
        if (!(await visitor.isLive())) answer.close('session-closed', { reason: 'embed-changed' });
        else if (tick >= MAX_TICKS) answer.close('stream-paused', {});
        else output.write(': still here\n\n');
        await read();
      },
      cut,
    );
    output.once('close', () => {
      stopListening();
      stopTicking();
    });
    await read();
  }
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
