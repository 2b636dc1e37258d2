import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailbox } from './mailbox';
import { until } from './until';

export const projectRoot = join(__dirname, '..', '..');
/** The widget's files, as `npm run build` makes them. */
export const builtWidget = join(projectRoot, 'dist', 'widget');

/** A TCP port nobody listens on right now. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** A private folder that `dispose` removes. */
export function temporaryFolder(): { path: string; dispose: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'customercare-story-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

export interface ProductOptions {
  app?: 'api' | 'worker';
  dataDir: string;
  env?: Record<string, string>;
  port?: number;
  demoPort?: number;
}

/** One running process of the built product, as an operator would run it. */
export class Product {
  private output = '';
  private exit: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly demoUrl: string,
  ) {
    const collect = (chunk: Buffer): void => void (this.output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.exit = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  static async spawn({ app = 'api', dataDir, env = {}, ...ports }: ProductOptions): Promise<Product> {
    const port = ports.port ?? (await freePort());
    const demoPort = ports.demoPort ?? (await freePort());
    const child = spawn(process.execPath, [join(projectRoot, 'dist', 'apps', app, 'src', 'main.js')], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR ?? tmpdir(),
        DATA_DIR: dataDir,
        PORT: String(port),
        DEMO_PORT: String(demoPort),
        SMTP_URL: await mailbox.url(),
        // A story sends in seconds what a person sends in an hour.
        LIMIT_REQUESTS_PER_MINUTE: '100000',
        LIMIT_AUTH_REQUESTS_PER_MINUTE: '100000',
        LIMIT_EMBED_SESSIONS_PER_MINUTE: '100000',
        LIMIT_EMBED_SESSIONS_PER_HOUR: '100000',
        CHALLENGE_SESSIONS_PER_IP: '100000',
        ...env,
      },
    });
    return new Product(child, `http://127.0.0.1:${port}`, `http://127.0.0.1:${demoPort}`);
  }

  static async start(options: ProductOptions): Promise<Product> {
    const product = await Product.spawn(options);
    if (options.app !== 'worker') await product.waitUntilReady();
    else await product.waitForOutput('The worker is ready');
    return product;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Everything printed so far. */
  get log(): string {
    return this.output;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async waitUntilReady(seconds = 90): Promise<void> {
    await until(async () => {
      if (this.hasExited) throw new Error(`the product ended before it was ready:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      return answer?.status === 200;
    }, seconds);
  }

  async waitForOutput(text: string, seconds = 60): Promise<void> {
    await until(() => {
      if (!this.output.includes(text) && this.hasExited) throw new Error(`ended without "${text}":\n${this.output}`);
      return this.output.includes(text);
    }, seconds);
  }

  /** Ctrl-C. Resolves with the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (!this.hasExited) this.child.kill(signal);
    return this.exit;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  async exitCode(): Promise<number | null> {
    return this.exit;
  }
}
