import { createServer, type Server, type Socket } from 'node:net';
import { eicar } from './eicar';

/** Answers to what was streamed; undefined hangs up without a word. */
export type ClamdAnswer = (content: Buffer) => string | undefined | Promise<string | undefined>;

const ordinary: ClamdAnswer = (content) =>
  content.includes(eicar()) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK';

/** Speaks clamd's INSTREAM on a free port of this machine. */
export class FakeClamd {
  answer: ClamdAnswer = ordinary;
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async start(): Promise<{ host: string; port: number }> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return { host: address.address, port: address.port };
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      received = Buffer.concat([received, piece]);
      const content = contentOf(received);
      if (!content) return;
      void Promise.resolve(this.answer(content)).then((answer) =>
        answer === undefined ? socket.end() : socket.end(`${answer}\0`),
      );
    });
  }
}

/** The streamed bytes once the end has come. */
function contentOf(received: Buffer): Buffer | undefined {
  const command = 'zINSTREAM\0';
  if (received.subarray(0, command.length).toString() !== command) return undefined;
  const chunks: Buffer[] = [];
  let position = command.length;
  while (position + 4 <= received.length) {
    const length = received.readUInt32BE(position);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(received.subarray(position + 4, position + 4 + length));
    position += 4 + length;
  }
  return undefined;
}
