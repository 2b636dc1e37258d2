import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eicar } from './eicar';

/** Where Debian's package clamav-daemon puts it. */
const PROGRAM = process.env['CLAMD_PATH'] ?? '/usr/sbin/clamd';
const START_MS = 20_000;

/** Why the real engine cannot be had here; null when it can. */
export const whyNoClamd: string | null = existsSync(PROGRAM)
  ? null
  : 'clamd is not installed; Debian and Ubuntu have it as clamav-daemon, or set CLAMD_PATH';

export interface LocalClamdOptions {
  /** clamd refuses what is longer. */
  readonly maxStreamBytes?: number;
  /** Without one it does not start. */
  readonly hasDatabase?: boolean;
}

/**
 * The real clamd with a folder, a port and a database of its own: two lines that know the EICAR test file, so that
 * nothing is downloaded. It can be stopped and started again, at the same address.
 */
export class LocalClamd {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly address: { readonly host: string; readonly port: number },
  ) {}

  /** @returns a stopped one */
  static async create({
    maxStreamBytes = 12_000_000,
    hasDatabase = true,
  }: LocalClamdOptions = {}): Promise<LocalClamd> {
    const folder = mkdtempSync(join(tmpdir(), 'customercare-clamd-'));
    const port = await freePort();
    const database = join(folder, 'database');
    mkdirSync(database);
    if (hasDatabase) writeDatabase(database);
    writeFileSync(
      join(folder, 'clamd.conf'),
      [
        'Foreground yes',
        `TCPAddr 127.0.0.1`,
        `TCPSocket ${port}`,
        `DatabaseDirectory ${database}`,
        `TemporaryDirectory ${folder}`,
        `StreamMaxLength ${maxStreamBytes}`,
      ].join('\n'),
    );
    return new LocalClamd(folder, { host: '127.0.0.1', port });
  }

  /** Resolves once it answers. Rejects with what it printed when it ends instead. */
  async start(): Promise<void> {
    const child = spawn(PROGRAM, ['--config-file', join(this.folder, 'clamd.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => (output += piece.toString()));
    const deadline = Date.now() + START_MS;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`clamd does not run:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** At once, in the middle of whatever it does. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    const socket = connect(this.address);
    socket.end('zPING\0');
    return text(socket).then(
      (answer) => answer === 'PONG\0',
      () => false,
    );
  }
}

/** By its hash, when it is the whole file, and by its bytes, wherever they stand (ClamAV signatures, .hdb and .ndb). */
function writeDatabase(folder: string): void {
  const bytes = eicar();
  const hash = createHash('md5').update(bytes).digest('hex');
  writeFileSync(join(folder, 'test.hdb'), `${hash}:${bytes.length}:Eicar-Test-Signature\n`);
  writeFileSync(join(folder, 'test.ndb'), `Eicar-Test-Signature:0:*:${bytes.toString('hex')}\n`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  return port;
}
