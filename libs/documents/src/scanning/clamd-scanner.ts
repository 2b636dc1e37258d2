import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { AppError } from '@app/kernel';
import { type ScanVerdict, VirusScanner } from './virus-scanner';

/** clamd(8): `z` commands end in NUL, and so do their answers. */
const COMMAND = 'zINSTREAM\0';
const END_OF_STREAM = Buffer.alloc(4);
const CHUNK_BYTES = 64 * 1024;
const TIMEOUT_SECONDS = 60;
/** `stream: <signature> FOUND` is short; anything longer is not an answer. */
const MAX_ANSWER_BYTES = 4096;
const FOUND = /^stream: (.{1,200}) FOUND$/;

/**
 * ClamAV over TCP. Only the exact answer `stream: OK` is clean: clamd closes the connection, or says ERROR, when a file
 * is over its limits or its database is gone, and those must not pass.
 */
export class ClamdScanner extends VirusScanner {
  constructor(private readonly address: { readonly host: string; readonly port: number }) {
    super();
  }

  async scan(bytes: Readable, signal?: AbortSignal): Promise<ScanVerdict> {
    const limit = AbortSignal.any([AbortSignal.timeout(TIMEOUT_SECONDS * 1000), ...(signal ? [signal] : [])]);
    limit.throwIfAborted();
    const socket = connect(this.address);
    const abort = () => void socket.destroy(limit.reason as Error); // an AbortSignal's default reasons are errors
    limit.addEventListener('abort', abort);
    try {
      const answer = readAnswer(socket);
      // clamd may answer and hang up before it has read all; then the answer counts, not the broken pipe.
      await Promise.race([send(socket, bytes), answer]).catch(() => undefined);
      return verdictOf(await answer);
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause instanceof AppError ? cause : new AppError('document.scan-unavailable', { cause });
    } finally {
      limit.removeEventListener('abort', abort);
      socket.destroy();
    }
  }
}

async function send(socket: Socket, bytes: Readable): Promise<void> {
  await once(socket, 'connect');
  await write(socket, COMMAND);
  for await (const piece of bytes) {
    const content = piece as Buffer; // binary streams yield buffers
    for (let start = 0; start < content.length; start += CHUNK_BYTES) {
      const chunk = content.subarray(start, start + CHUNK_BYTES);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      await write(socket, Buffer.concat([length, chunk]));
    }
  }
  await write(socket, END_OF_STREAM);
}

const write = (socket: Socket, data: string | Buffer): Promise<void> =>
  new Promise((resolve, reject) => void socket.write(data, (error) => (error ? reject(error) : resolve())));

async function readAnswer(socket: Socket): Promise<string> {
  let answer = '';
  for await (const piece of socket) {
    answer += String(piece);
    if (answer.includes('\0') || answer.length > MAX_ANSWER_BYTES) break;
  }
  return answer.split('\0')[0] ?? '';
}

function verdictOf(answer: string): ScanVerdict {
  if (answer === 'stream: OK') return { infected: false };
  const signature = FOUND.exec(answer)?.[1];
  if (signature !== undefined) return { infected: true, signature };
  throw new AppError('document.scan-unavailable', { cause: new Error('clamd gave no verdict') });
}
