// One api of the built product, as an operator would start it, with an empty database of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { ensureBuilt, root } from '../scripts/prepare.mjs';

const START_SECONDS = 120;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** On the PostgreSQL server of TEST_DATABASE_URL, or null for the embedded database. */
async function emptyDatabase() {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) return null;
  const name = `cc_bench_${process.pid}`;
  const run = async (sql) => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => run(`drop database ${name} with (force)`) };
}

export class RunningApi {
  #child;
  #port;
  #folder = mkdtempSync(join(tmpdir(), 'customercare-bench-'));
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #database = null;
  /** Everything it printed; mails among it. */
  log = '';

  static async start(env) {
    await ensureBuilt();
    const api = new RunningApi();
    try {
      await api.#start(env);
      return api;
    } catch (error) {
      await api.stop();
      throw error;
    }
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid() {
    return this.#child.pid;
  }

  async #start(env) {
    this.#database = await emptyDatabase();
    this.#port = await freePort();
    this.#child = spawn(process.execPath, [join(root, 'dist/apps/api/src/main.js')], {
      cwd: root,
      env: {
        ...{ PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: this.#folder, PORT: String(this.#port) },
        DEMO: 'false',
        ...(this.#database && { DATABASE_URL: this.#database.url }),
        ...env,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (bytes) => (this.log += bytes));
    for (let tries = 0; ; tries += 1) {
      const answer = await this.send('GET', '/readyz').catch(() => null);
      if (answer?.status === 200) return;
      if (this.#child.exitCode !== null || tries > START_SECONDS * 5) throw new Error(`It did not start:\n${this.log}`);
      await wait(200);
    }
  }

  /** One request over the one connection there is, and the milliseconds until its answer was there as a whole. */
  send(method, path, body, headers = {}) {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const type =
      payload === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
    return new Promise((resolve, reject) => {
      const begun = performance.now();
      const outgoing = request(
        { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers: { ...type, ...headers } },
        (response) => {
          let text = '';
          response.on('data', (bytes) => (text += bytes));
          response.on('end', () => {
            const milliseconds = performance.now() - begun;
            resolve({ status: response.statusCode, headers: response.headers, text, milliseconds });
          });
        },
      );
      outgoing.on('error', reject).end(payload);
    });
  }

  async stop() {
    this.#agent.destroy();
    if (this.#child && this.#child.exitCode === null) {
      const ended = new Promise((resolve) => this.#child.once('close', resolve));
      this.#child.kill('SIGINT');
      await ended;
    }
    await this.#database?.drop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
