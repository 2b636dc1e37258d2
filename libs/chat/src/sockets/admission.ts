import { Logger } from '@nestjs/common';
import { refusal } from './refusal';

const logger = new Logger('SocketHandshake');

/** A namespace's middleware: a socket gets in when `admit` resolves, else its client is told a problem. */
export const admission =
  <S>(admit: (socket: S) => Promise<void>) =>
  (socket: S, next: (error?: Error) => void): void => {
    admit(socket).then(
      () => next(),
      (error: unknown) => {
        const refused = refusal(error);
        if (refused.data.status >= 500) logger.error({ err: error }, 'handshake failed');
        next(refused);
      },
    );
  };
