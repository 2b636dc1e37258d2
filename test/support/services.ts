import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';

const POSTGRES = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
export const REDIS = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

/** Asks at load time, because Jest wants to know its tests before anything asynchronous runs. */
function answersAt(url: string): boolean {
  const { hostname, port } = new URL(url);
  const probe = `require('net').connect(${Number(port)}, ${JSON.stringify(hostname)})
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 2000)`;
  return spawnSync(process.execPath, ['-e', probe]).status === 0;
}

/** Whether real PostgreSQL and Redis can be reached from here. */
export const hasServices = answersAt(POSTGRES) && answersAt(REDIS);

/** A database of one installation on the PostgreSQL server, and the two logins a story looks at it with. */
export class ServerDatabase {
  private constructor(readonly name: string) {}

  static async create(): Promise<ServerDatabase> {
    const database = new ServerDatabase(`cc_story_${randomBytes(6).toString('hex')}`);
    await onServer((server) => server.query(`create database ${database.name}`));
    return database;
  }

  get url(): string {
    return this.urlFor(new URL(POSTGRES).username);
  }

  /** As the server's superuser, whom no policy holds back. */
  async asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return withClient({ connectionString: this.url }, work);
  }

  /** As the application's own login. */
  async asApplication<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return withClient({ connectionString: this.urlFor(`${this.name}_app`) }, work);
  }

  async replace(): Promise<void> {
    await this.drop();
    await onServer((server) => server.query(`create database ${this.name}`));
  }

  async drop(): Promise<void> {
    await onServer((server) => server.query(`drop database ${this.name} with (force)`));
  }

  private urlFor(user: string): string {
    const url = new URL(POSTGRES);
    url.pathname = `/${this.name}`;
    url.username = user;
    return url.toString();
  }
}

const onServer = (work: (server: Client) => Promise<unknown>): Promise<unknown> =>
  withClient({ connectionString: POSTGRES }, work);

async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
