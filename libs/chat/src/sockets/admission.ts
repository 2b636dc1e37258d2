import { Logger } from '@nestjs/common';
import { refusal } from './refusal';

const logger = new Logger('SocketHandshake');

/** The part of a Socket.IO socket that is looked at here. */
interface Refusable {
  readonly conn: { close(): unknown };
}

/**
 * A namespace's middleware: a socket gets in when `admit` resolves, else its client is told a problem and its connection
 * ends, for on an open one it could ask again and again.
 */
export const admission =
  <S extends Refusable>(admit: (socket: S) => Promise<void>) =>
  (socket: S, next: (error?: Error) => void): void => {
    admit(socket).then(
      () => next(),
      (error: unknown) => {
        const refused = refusal(error);
        if (refused.data.status >= 500) logger.error({ err: error }, 'handshake failed');
        next(refused);
        // engine.io sends what is waiting before it closes.
        socket.conn.close();
      },
    );
  };
