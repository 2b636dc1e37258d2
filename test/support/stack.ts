import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyFirstStart } from './first-start';
import { type Mailbox, mailbox } from './mailbox';
import { Product, temporaryFolder } from './product';
import { hasServices, REDIS, ServerDatabase } from './services';
import { TestClock } from './test-clock';
import { Wire } from './wire';

export type StackKind = 'embedded' | 'postgres, redis and a separate worker';

export interface StackOptions {
  /** Api processes on the same data. The embedded database has one owner, so there it is always one. */
  apiNodes?: number;
  /** Every process reaches PostgreSQL and Redis over wires that the story can cut. */
  hasWires?: boolean;
}

/** Between the product and its services. */
export interface Wires {
  database: Wire;
  redis: Wire;
}

export type StartStack = (env?: Record<string, string>, options?: StackOptions) => Promise<Stack>;

/**
 * Runs the same story on the embedded default and on real PostgreSQL and Redis, where those can be reached: for what the
 * database itself does, keeping tenants apart, keeping what was written, and letting nothing leak at rest.
 */
export function describeStacks(name: string, story: (start: StartStack) => void): void {
  describeEmbeddedStack(name, story);
  describeServerStack(name, story);
}

/**
 * For what does not depend on the database: on real PostgreSQL and Redis where those can be reached, else on the embedded
 * default.
 */
export const describeStack = hasServices ? describeServerStack : describeEmbeddedStack;

/** For what is the same on the embedded default and elsewhere, and is used there. */
export function describeEmbeddedStack(name: string, story: (start: StartStack) => void): void {
  describe(`${name} (embedded)`, () => story((env, options) => Stack.start('embedded', env, options)));
}

/** For what only real PostgreSQL and Redis can show. */
export function describeServerStack(name: string, story: (start: StartStack) => void): void {
  const kind = 'postgres, redis and a separate worker';
  const title = `${name} (${kind})`;
  const start: StartStack = (env, options) => Stack.start(kind, env, options);
  if (hasServices) describe(title, () => story(start));
  else describe.skip(`${title} — PostgreSQL or Redis cannot be reached`, () => story(start));
}

/** A whole running installation with its own database, Redis database, folders and ports. */
export class Stack {
  private apis: Product[] = [];
  private running: Product | null = null;
  private turns = 0;

  private constructor(
    readonly kind: StackKind,
    readonly env: Record<string, string>,
    private readonly folder: ReturnType<typeof temporaryFolder>,
    private readonly clock: TestClock,
    private readonly database: ServerDatabase | null,
    private readonly lines: Wires | null,
  ) {}

  static async start(
    kind: StackKind,
    settings: Record<string, string> = {},
    { apiNodes = 1, hasWires = false }: StackOptions = {},
  ): Promise<Stack> {
    const folder = temporaryFolder();
    const clock = new TestClock(folder.path);
    // The story of a first start makes its own database; the others need not wait for it.
    if (kind === 'embedded') await copyFirstStart(folder.path);
    const database = kind === 'embedded' ? null : await ServerDatabase.create();
    const wires = database && hasWires ? await wiresTo(database) : null;
    const services = database && serverEnv(database, wires);
    const env = { DEMO: 'false', TEST_CLOCK_FILE: clock.path, ...services, ...settings };
    const stack = new Stack(kind, env, folder, clock, database, wires);
    try {
      await stack.startProcesses(apiNodes);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** The first node prepares the database; the others find it done. */
  private async startProcesses(apiNodes: number): Promise<void> {
    const { dataDir, env } = this;
    this.apis = [await Product.start({ dataDir, env })];
    if (!this.database) return;
    // Each is known as soon as it runs, so that it is stopped when another one does not start.
    const nodes = Array.from({ length: apiNodes - 1 }, async () => {
      this.apis.push(await Product.start({ dataDir, env }));
    });
    const worker = Product.start({ app: 'worker', dataDir, env }).then((process) => (this.running = process));
    const results = await Promise.allSettled([worker, ...nodes]);
    for (const result of results) if (result.status === 'rejected') throw result.reason as Error; // what `Product.start` rejects with
  }

  /** Every api process; they share the secrets, the database, Redis and the clock. */
  get nodes(): Product[] {
    return [...this.apis];
  }

  /** The first api process. */
  get api(): Product {
    const [first] = this.apis;
    if (!first) throw new Error('the stack has no api');
    return first;
  }

  /** Each time the next node's, as a load balancer sends requests on: nothing may depend on which one answers. */
  get nextUrl(): string {
    const node = this.apis[this.turns++ % this.apis.length] ?? this.api;
    return node.url;
  }

  get worker(): Product | null {
    return this.running;
  }

  get url(): string {
    return this.api.url;
  }

  /** The process that reads documents. */
  get reader(): Product {
    return this.worker ?? this.api;
  }

  /** The mails the product sent. */
  get mailbox(): Mailbox {
    return mailbox;
  }

  get dataDir(): string {
    return this.folder.path;
  }

  /** Moves the clock of every process of this stack. */
  async advanceClock(seconds: number): Promise<void> {
    this.clock.advance(seconds);
  }

  /** What the processes of this stack take for the time. */
  get now(): Date {
    return this.clock.now;
  }

  /** Starts the reader again after it was killed, on the same data and, for the api, on the same ports. */
  async restartReader(): Promise<void> {
    const { dataDir, env } = this;
    if (this.running) this.running = await Product.start({ app: 'worker', dataDir, env });
    else await this.restartApi();
  }

  async restartApi(): Promise<void> {
    const [port, demoPort] = [Number(new URL(this.api.url).port), Number(new URL(this.api.demoUrl).port)];
    this.apis[0] = await Product.start({ dataDir: this.dataDir, env: this.env, port, demoPort });
  }

  /** The database server's side of this installation; null on the embedded database, which lets nobody else in. */
  get server(): ServerDatabase | null {
    return this.database;
  }

  /** For stacks that were started with `hasWires`. */
  get wires(): Wires {
    if (!this.lines) throw new Error('this stack was started without wires');
    return this.lines;
  }

  /** Rows as the server's superuser sees them; null on the embedded database. */
  async inspect<Row extends object>(sql: string): Promise<Row[] | null> {
    return this.database?.asSuperuser(async (client) => (await client.query<Row>(sql)).rows) ?? null;
  }

  /** Rows as the application's own login sees them without naming a workspace; null on the embedded database. */
  async inspectAsApplication<Row extends object>(sql: string): Promise<Row[] | null> {
    return this.database?.asApplication(async (client) => (await client.query<Row>(sql)).rows) ?? null;
  }

  /** Ends every process and puts an empty database in the place of the one that was used. */
  async replaceDatabase(): Promise<void> {
    await this.stopProcesses();
    if (this.database) await this.database.replace();
    else rmSync(join(this.dataDir, 'database'), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.stopProcesses();
    this.lines?.database.cut();
    this.lines?.redis.cut();
    this.folder.dispose();
    await this.database?.drop();
  }

  private async stopProcesses(): Promise<void> {
    const processes = this.running ? [this.running, ...this.apis] : this.apis;
    await Promise.all(processes.map((process) => process.stop()));
  }
}

async function wiresTo(database: ServerDatabase): Promise<Wires> {
  return { database: await Wire.to(database.url), redis: await Wire.to(REDIS) };
}

function serverEnv(database: ServerDatabase, wires: Wires | null): Record<string, string> {
  return {
    DATABASE_URL: wires?.database.through(database.url) ?? database.url,
    REDIS_URL: wires?.redis.through(REDIS) ?? REDIS,
    REDIS_PREFIX: `${database.name}:`,
    INLINE_WORKER: 'false',
  };
}
