import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { sep } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError, ERROR_CATALOGUE } from '@app/kernel';
import type { ParsedDocument } from './parsed-document';
import { noticesIn, type ParserReply } from './parser-reply';
import { ParserCommand } from './parser-command';
import { residentBytes } from './resident-memory';
import type { WallsInForce } from './walls';

const WATCH_MS = 100;
const MAX_REPLY_BYTES = 5 * 1024 * 1024;

export interface ParserProcessOptions {
  /** The compiled child; its folder must be inside the application, so that it finds the application's packages. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  /** Of the child and of whatever the walls put in front of it. */
  readonly maxRssBytes: number;
  /** Processor time the kernel allows, where it can be asked to; `timeoutSeconds` unless named. */
  readonly cpuSeconds?: number;
  /** The walls to use instead of the strongest there are (tests). */
  readonly walls?: WallsInForce;
}

/**
 * Parses one file in a process of its own: a heap limit, a wall clock, a watchdog over its resident memory (a heap
 * limit does not bound Buffers), a cap on what it may answer, an empty environment, no file it could write, no child
 * processes, and no network. The system's own walls stand around it where it has any, see `walls`. Whatever happens in
 * there, the caller gets a document or an AppError, and nothing of it outlives this process.
 */
export class ParserProcess {
  private readonly command: ParserCommand;

  constructor(private readonly options: ParserProcessOptions) {
    this.command = new ParserCommand(options);
  }

  /** The walls around each child. The first call tries out what works here, which takes a fraction of a second. */
  get walls(): Promise<WallsInForce> {
    return this.command.walls;
  }

  /**
   * @param formatName `DocumentFormat.name`
   * @throws AppError `document.too-complex` (time, memory, size of the answer), or what the parser refused with
   */
  async parse(formatName: string, bytes: Buffer, signal?: AbortSignal): Promise<ParsedDocument> {
    signal?.throwIfAborted();
    const [command, args] = await this.command.lineFor(formatName);
    signal?.throwIfAborted();
    // In a group of its own: a wrapper may be killed before what it started asks to die with it.
    const options = { env: {}, cwd: sep, detached: true };
    const child = spawn(command, args, { ...options, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
    yieldToOthers(child.pid);
    const stop = () => killGroup(child.pid);
    const guards = this.guard(child, stop);
    signal?.addEventListener('abort', stop);
    try {
      // A child that died does not read: its error is the exit, not the broken pipe.
      child.stdin?.on('error', () => undefined).end(bytes);
      const reply = await readReply(child, stop);
      signal?.throwIfAborted();
      return documentIn(reply);
    } finally {
      guards.release();
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  private guard(child: ChildProcess, stop: () => void): { release: () => void } {
    const clock = setTimeout(stop, this.options.timeoutSeconds * 1000);
    const watch = setInterval(() => {
      if (child.pid === undefined) return;
      void residentBytes(child.pid).then((bytes) => bytes > this.options.maxRssBytes && stop());
    }, WATCH_MS);
    return {
      release: () => {
        clearTimeout(clock);
        clearInterval(watch);
      },
    };
  }
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // All of it is gone already.
  }
}

/** Visitors wait for answers; nobody waits for a document. */
function yieldToOthers(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, or the system does not let us: then it runs like everything else.
  }
}

async function readReply(child: ChildProcess, stop: () => void): Promise<string> {
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  exited.catch(() => undefined); // when no descriptor is left the pipes below do not exist either
  const chunks: Buffer[] = [];
  let size = 0;
  const pipe = child.stdio[3] as Readable; // declared 'pipe' above, and only ever written by the child
  pipe.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_REPLY_BYTES) stop();
    else chunks.push(chunk);
  });
  pipe.on('error', stop);
  await exited;
  if (size > MAX_REPLY_BYTES) throw new AppError('document.too-complex', { detail: 'It holds too much text' });
  return Buffer.concat(chunks).toString('utf8');
}

/** A process that was killed, ran out of memory or died of its input has written nothing, or half of it. */
function documentIn(reply: string): ParsedDocument {
  let parsed: ParserReply;
  try {
    parsed = JSON.parse(reply) as ParserReply; // written by our own child; a hostile file can only shape its texts
  } catch (cause) {
    throw new AppError('document.too-complex', { cause });
  }
  if ('document' in parsed) {
    const { notices, ...document } = parsed.document;
    const known = noticesIn(notices);
    return known ? { ...document, notices: known } : document;
  }
  throw new AppError(Object.hasOwn(ERROR_CATALOGUE, parsed.code) ? parsed.code : 'document.corrupt', {
    detail: parsed.detail,
  });
}
