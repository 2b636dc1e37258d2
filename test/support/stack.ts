import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Product, temporaryFolder } from './product';

const POSTGRES = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const REDIS = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

export type StackKind = 'embedded' | 'postgres, redis and a separate worker';

/** Asks at load time, because Jest wants to know its tests before anything asynchronous runs. */
function answersAt(url: string): boolean {
  const { hostname, port } = new URL(url);
  const probe = `require('net').connect(${Number(port)}, ${JSON.stringify(hostname)})
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 2000)`;
  return spawnSync(process.execPath, ['-e', probe]).status === 0;
}

const hasServices = answersAt(POSTGRES) && answersAt(REDIS);

/** Runs the same story on the embedded default and on real PostgreSQL and Redis, where those can be reached. */
export function describeStacks(
  name: string,
  story: (start: (env?: Record<string, string>) => Promise<Stack>) => void,
): void {
  describe(`${name} (embedded)`, () => story((env) => Stack.start('embedded', env)));
  const kind = 'postgres, redis and a separate worker';
  const title = `${name} (${kind})`;
  if (hasServices) describe(title, () => story((env) => Stack.start(kind, env)));
  else describe.skip(`${title} — PostgreSQL or Redis cannot be reached`, () => story(() => Stack.start(kind)));
}

/** A whole running installation with its own database, Redis database, folders and ports. */
export class Stack {
  private constructor(
    readonly kind: StackKind,
    readonly env: Record<string, string>,
    private readonly folder: ReturnType<typeof temporaryFolder>,
    public api: Product,
    public worker: Product | null,
    private readonly database: string | null,
  ) {}

  static async start(kind: StackKind, settings: Record<string, string> = {}): Promise<Stack> {
    const extra = { DEMO: 'false', ...settings };
    const folder = temporaryFolder();
    if (kind === 'embedded') {
      const api = await Product.start({ dataDir: folder.path, env: extra });
      return new Stack(kind, extra, folder, api, null, null);
    }
    const database = `cc_story_${randomBytes(6).toString('hex')}`;
    await onServer((server) => server.query(`create database ${database}`));
    const url = new URL(POSTGRES);
    url.pathname = `/${database}`;
    const env = {
      DATABASE_URL: url.toString(),
      REDIS_URL: REDIS,
      REDIS_PREFIX: `${database}:`,
      INLINE_WORKER: 'false',
      ...extra,
    };
    const api = await Product.start({ dataDir: folder.path, env });
    const worker = await Product.start({ app: 'worker', dataDir: folder.path, env });
    return new Stack(kind, env, folder, api, worker, database);
  }

  get url(): string {
    return this.api.url;
  }

  /** The process that reads documents. */
  get reader(): Product {
    return this.worker ?? this.api;
  }

  get dataDir(): string {
    return this.folder.path;
  }

  /** Starts the reader again after it was killed, on the same data and, for the api, on the same ports. */
  async restartReader(): Promise<void> {
    const { dataDir, env } = this;
    if (this.worker) this.worker = await Product.start({ app: 'worker', dataDir, env });
    else await this.restartApi();
  }

  async restartApi(): Promise<void> {
    const [port, demoPort] = [Number(new URL(this.api.url).port), Number(new URL(this.api.demoUrl).port)];
    this.api = await Product.start({ dataDir: this.dataDir, env: this.env, port, demoPort });
  }

  /** Rows as the server's superuser sees them; null on the embedded database, which lets nobody else in. */
  async inspect<Row extends object>(sql: string): Promise<Row[] | null> {
    return this.query<Row>(new URL(POSTGRES).username, sql);
  }

  /** Rows as the application's own login sees them without naming a workspace; null on the embedded database. */
  async inspectAsApplication<Row extends object>(sql: string): Promise<Row[] | null> {
    return this.query<Row>(`${this.database}_app`, sql);
  }

  private async query<Row extends object>(user: string, sql: string): Promise<Row[] | null> {
    if (!this.database) return null;
    const url = new URL(POSTGRES);
    url.pathname = `/${this.database}`;
    url.username = user;
    const client = new Client({ connectionString: url.toString() });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends every process and puts an empty database in the place of the one that was used. */
  async replaceDatabase(): Promise<void> {
    await this.worker?.stop();
    await this.api.stop();
    const { database } = this;
    if (!database) return rmSync(join(this.dataDir, 'database'), { recursive: true, force: true });
    await onServer((server) => server.query(`drop database ${database} with (force)`));
    await onServer((server) => server.query(`create database ${database}`));
  }

  async stop(): Promise<void> {
    await this.worker?.stop();
    await this.api.stop();
    this.folder.dispose();
    if (this.database) await onServer((server) => server.query(`drop database ${this.database} with (force)`));
  }
}

async function onServer(work: (server: Client) => Promise<unknown>): Promise<void> {
  const server = new Client({ connectionString: POSTGRES });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
