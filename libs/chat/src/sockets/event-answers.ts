import type { Ack } from '@app/chat-protocol';
import { toProblem } from '@app/http';
import { newId } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';

type AckFunction = (ack: Ack<object>) => void;

/** Runs what a client asked for and acknowledges it; the worst that comes of any event is a problem in its ack. */
@Injectable()
export class EventAnswers {
  private readonly logger = new Logger(EventAnswers.name);

  /**
   * @param args what came with the event: payloads, then the ack function if the client wants an ack
   * @param run gets the payloads and a request id, and gives the ack's data. Nothing it throws gets past here
   */
  async answer(args: unknown[], run: (payloads: unknown[], requestId: string) => Promise<object>): Promise<void> {
    const last = args.at(-1);
    // Socket.IO puts its own function there and nothing else: functions do not cross the wire.
    const ack = typeof last === 'function' ? (last as AckFunction) : undefined;
    const payloads = ack ? args.slice(0, -1) : args;
    const requestId = newId();
    try {
      const data = await run(payloads, requestId);
      ack?.({ ok: true, data });
    } catch (error) {
      const problem = toProblem(error, requestId);
      if (problem.status >= 500) this.logger.error({ err: error, requestId }, 'socket event failed');
      ack?.({ ok: false, problem });
    }
  }
}
