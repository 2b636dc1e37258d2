import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError, ERROR_CATALOGUE } from '@app/kernel';
import type { ParsedDocument } from './parsed-document';
import type { ParserReply } from './parser-reply';

const HEAP_MB = 256;
const WATCH_MS = 100;
const MAX_REPLY_BYTES = 5 * 1024 * 1024;

export interface ParserProcessOptions {
  /** The compiled child; its folder must be inside the application, so that it finds the application's packages. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly maxRssBytes: number;
}

/**
 * Parses one file in a process of its own: a heap limit, a wall clock, a watchdog over its resident memory (a heap
 * limit does not bound Buffers), a cap on what it may answer, an empty environment, no file it could write, no child
 * processes, and no network. Whatever happens in there, the caller gets a document or an AppError.
 */
export class ParserProcess {
  constructor(private readonly options: ParserProcessOptions) {}

  /**
   * @param formatName `DocumentFormat.name`
   * @throws AppError `document.too-complex` (time, memory, size of the answer), or what the parser refused with
   */
  async parse(formatName: string, bytes: Buffer, signal?: AbortSignal): Promise<ParsedDocument> {
    signal?.throwIfAborted();
    const [command, args] = await this.commandLine(formatName);
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore', 'pipe'], env: {}, cwd: sep });
    yieldToOthers(child.pid);
    const stop = () => void child.kill('SIGKILL');
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
      void residentBytes(child.pid).then((bytes) => bytes > this.options.maxRssBytes && stop());
    }, WATCH_MS);
    return {
      release: () => {
        clearTimeout(clock);
        clearInterval(watch);
      },
    };
  }

  private async commandLine(formatName: string): Promise<[string, string[]]> {
    const { entry } = this.options;
    const node = [`--max-old-space-size=${HEAP_MB}`, ...permissionFlags(entry), entry, formatName];
    // A new user and network namespace has no interface but a loopback that is down (unshare(1), util-linux).
    if (await canUnshare()) return ['unshare', ['--map-root-user', '--net', process.execPath, ...node]];
    return [process.execPath, node];
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

/** Node's permission model: only the compiled libs and the packages can be read, nothing else can be done. */
function permissionFlags(entry: string): string[] {
  const flag = ['--permission', '--experimental-permission'].find((f) => process.allowedNodeEnvironmentFlags.has(f));
  if (!flag) return [];
  const packages = packagesFolder(entry);
  // The data folder may lie beside these two, so nothing above them may be read but what says how to load a file.
  const readable = [
    join(entry, ENTRY_TO_LIBS, '*'),
    join(packages, '*'),
    join(dirname(packages), 'package.json'),
    // Where `node_modules` is a link, Node reads the link before it goes on to the folder.
    join(entry, ENTRY_TO_ROOT, 'node_modules', '*'),
  ];
  // Node 20 forgets a path that is named twice.
  return [flag, ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`)];
}

/** From `libs/documents/src/parsing/parser-child.js` to `libs`. */
const ENTRY_TO_LIBS = '../../../..';
/** And on from `dist/libs`, to the folder that `dist` is in. */
const ENTRY_TO_ROOT = `${ENTRY_TO_LIBS}/../..`;

/** The `node_modules` the parsers are loaded from, as the file system names it. */
function packagesFolder(entry: string): string {
  const found = require.resolve('yauzl', { paths: [dirname(entry)] });
  return found.slice(0, found.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length);
}

let unshareProbe: Promise<boolean> | undefined;

function canUnshare(): Promise<boolean> {
  unshareProbe ??= promisify(execFile)('unshare', ['--map-root-user', '--net', 'true'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
  return unshareProbe;
}

/** 0 where the system has no /proc; the heap limit and the clock still hold. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
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
  if ('document' in parsed) return parsed.document;
  throw new AppError(Object.hasOwn(ERROR_CATALOGUE, parsed.code) ? parsed.code : 'document.corrupt', {
    detail: parsed.detail,
  });
}
