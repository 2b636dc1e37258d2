import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { copyEmbeddedTemplate } from '../testing/embedded-template';
import { EmbeddedDatabase } from './embedded-database';

/** Writes rows through the engine's worker, says of each that it was committed, and never stops. */
const WRITER = `
  const { Worker } = require('node:worker_threads');
  const { serialize } = require('pg-protocol');
  const [, file, folder] = process.argv;
  const worker = new Worker(file, { workerData: { task: 'serve', folder } });
  let n = 0;
  const next = () => { n += 1; worker.postMessage({ type: 'run', bytes: new Uint8Array(serialize.query('insert into survivors values (' + n + ')')) }); };
  worker.on('message', (message) => {
    if (message.type === 'answer') process.stdout.write(Buffer.from(message.bytes).includes('INSERT') ? n + '\\n' : 'failed\\n');
    next();
  });
`;

describe('EmbeddedDatabase', () => {
  let folder: string;
  let dataDir: string;
  let embedded: EmbeddedDatabase | null = null;

  const open = async (): Promise<Client> => {
    embedded = await EmbeddedDatabase.open(dataDir);
    const limits = { statementTimeoutMs: 30_000, idleInTransactionTimeoutMs: 30_000 };
    const client = new Client(embedded.allow({ name: 'postgres', password: 'p', kind: 'owner', ...limits }));
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const close = async (): Promise<void> => {
    await embedded?.close();
    embedded = null;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('creates a database in an empty folder, which is there again at the next start', async () => {
    const client = await open();
    await client.query(`create table kept (n int); insert into kept values (1)`);
    await client.end();
    await close();
    expect((await readdir(dataDir)).sort()).toEqual(['database']);
    const again = await open();
    expect((await again.query('select n from kept')).rows).toEqual([{ n: 1 }]);
    await again.end();
  });

  it('listens in a folder that only its own user may enter', async () => {
    await copyEmbeddedTemplate(dataDir);
    embedded = await EmbeddedDatabase.open(dataDir);
    const { host = '' } = embedded.allow({
      ...{ name: 'x', password: 'x', kind: 'application' },
      ...{ statementTimeoutMs: 1, idleInTransactionTimeoutMs: 1 },
    });
    expect((await stat(host)).mode & 0o777).toBe(0o700);
    expect(`${host}/.s.PGSQL.5432`.length).toBeLessThan(100);
    await close();
    await expect(stat(host)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused a second time while it is open', async () => {
    await copyEmbeddedTemplate(dataDir);
    await (await open()).end();
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(
      new RegExp(`${dataDir} is in use by process ${process.pid}`),
    );
  });

  it('says so when the data cannot be read, and locks nobody out', async () => {
    await copyEmbeddedTemplate(dataDir);
    await rm(join(dataDir, 'database', 'global'), { recursive: true });
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(/could not be opened/);
    expect(await readdir(dataDir)).toEqual(['database']); // no lock stays behind
  });

  it('loses no committed row when it is killed in the middle of its work', async () => {
    await copyEmbeddedTemplate(dataDir);
    const first = await open();
    await first.query('create table survivors (n int primary key)');
    await first.end();
    await close();
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      acknowledged = await writeAndKill(join(dataDir, 'database'), 200);
      const client = await open();
      const { rows } = await client.query<{ n: number; most: number }>(
        'select count(*)::int as n, max(n) as most from survivors',
      );
      expect(rows[0]?.n).toBeGreaterThanOrEqual(acknowledged);
      expect(rows[0]?.most).toBe(rows[0]?.n);
      await client.query('truncate survivors');
      await client.end();
      await close();
    }
    expect(acknowledged).toBeGreaterThanOrEqual(200);
  });
});

/** Lets a child write until `enough` rows are committed, kills it with SIGKILL and resolves how many it had reported. */
async function writeAndKill(databaseFolder: string, enough: number): Promise<number> {
  const file = join(__dirname, 'engine-worker.cjs');
  const child: ChildProcess = spawn(process.execPath, ['-e', WRITER, file, databaseFolder]);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('failed')) reject(new Error('The writer could not write'));
      if (output.split('\n').length > enough) resolve();
    });
    child.once('exit', () => reject(new Error('The writer stopped by itself')));
  });
  child.removeAllListeners('exit');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  return output.split('\n').length - 1;
}
