import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Admin, type Answer, type DocumentView } from './support/admin';
import { type AttackFile, attackFiles, CANARY_PORT, hasAttackFiles } from './support/attack-files';
import { Canary } from './support/canary';
import { temporaryFolder } from './support/product';
import { commandOf, descendants, residentBytes } from './support/process-memory';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { lateness, MAX_LATENESS_MS, Watch, type Watched } from './support/watch';

const AT_ONCE = 3;
const MAX_GROWTH_BYTES = 300 * 1024 * 1024;
const REJECT_FAST_MS = 15_000;
const ALLOWED_MS = 45_000;
const LONG_CHUNKS = 4;

interface Outcome {
  readonly file: AttackFile;
  /** Why it was refused or failed; null when it can be asked about. */
  readonly code: string | null;
  readonly isAtUpload: boolean;
  readonly status: number;
  readonly ms: number;
  readonly text: string;
}

const describeWithFiles = hasAttackFiles ? describeServerStack : describeSkipped;
function describeSkipped(name: string, story: Parameters<typeof describeServerStack>[1]): void {
  describe.skip(`${name} — ../shared/data is not beside this checkout`, () => story(() => Promise.reject(new Error())));
}

describeWithFiles('Somebody uploads every bad file there is', (start) => {
  const temporary = temporaryFolder();
  const outcomes: Outcome[] = [];
  let stack: Stack;
  let admin: Admin;
  let canary: Canary;
  let watched: Watched;
  let before: Record<string, number>;
  let storedBlobs: string[];

  beforeAll(async () => {
    canary = await Canary.on(CANARY_PORT);
    for (const name of ['tmp', 'home']) mkdirSync(join(temporary.path, name));
    stack = await start({
      TMPDIR: join(temporary.path, 'tmp'),
      HOME: join(temporary.path, 'home'),
      LOG_LEVEL: 'info',
    });
    admin = await Admin.register(stack.url);
    const processes = { api: stack.api.pid, worker: stack.reader.pid };
    before = Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, residentBytes(pid)]));
    const watch = await Watch.start(`${stack.url}/healthz`, processes);
    const waiting = attackFiles();
    const send = async (): Promise<void> => {
      for (let file = waiting.shift(); file; file = waiting.shift()) outcomes.push(await outcomeOf(admin, file));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    watched = await watch.stop();
    storedBlobs = blobsIn(stack.dataDir);
  }, 600_000);

  afterAll(async () => {
    await stack?.stop();
    await canary?.stop();
    temporary.dispose();
  });

  it('F02 A14 A17: each comes to what its manifest says, and none to an error of the product', () => {
    expect(outcomes.length).toBeGreaterThan(150);
    expect(outcomes.flatMap(problemsOf)).toEqual([]);
  });

  it('A13 F03: the test virus is refused at upload, alone, behind other bytes and in a picture of a document', () => {
    const viruses = outcomes.filter(({ file }) => file.name.startsWith('eicar'));
    expect(viruses.map(({ code, isAtUpload }) => [code, isAtUpload])).toEqual(
      Array(3).fill(['document.infected', true]),
    );
  });

  it('F02: meanwhile the api answers, every time and at once', () => {
    expect(watched.failures).toEqual([]);
    expect(watched.milliseconds.length).toBeGreaterThan(100);
    expect(lateness(watched)).toBeLessThan(MAX_LATENESS_MS);
  });

  it('F02: the api and the worker keep their size; what is large happens in the processes that are thrown away', () => {
    for (const name of ['api', 'worker']) {
      expect([name, (watched.peakBytes[name] ?? Infinity) - (before[name] ?? 0) < MAX_GROWTH_BYTES]).toEqual([
        name,
        true,
      ]);
    }
    // The watch saw the parsers, so it would have seen them grow.
    expect(watched.peakBytes["worker's children"]).toBeGreaterThan(50 * 1024 * 1024);
  });

  it('F02: nothing they name on the network is asked for', () => {
    expect(canary.hits).toEqual([]);
  });

  it('F02 A16: nothing is left behind: no temporary file, no parser, and no file but those of documents', async () => {
    expect(readdirSync(temporary.path, { recursive: true }).toSorted()).toEqual(['home', 'tmp']);
    expect(watched.children.size).toBeGreaterThan(20);
    await until(() => parsersAmong(watched.children).length === 0, 5, 'the end of every parser');
    expect(storedBlobs.length).toBe(outcomes.filter(({ isAtUpload }) => !isAtUpload).length);
  });

  it('F02: the reader says which walls stand around the parsers', () => {
    expect(stack.reader.log).toMatch(/Documents are read within .*Node's permissions/);
  });

  it('F02: a reader that is killed takes its parsers with it, whatever they are doing', async () => {
    await admin.upload('last.md', Buffer.from('# The last one\n\nIt is never read.'));
    let parsers: number[] = [];
    // Once Node itself runs; the programs in front of it put the walls up one after the other.
    const isReading = (): boolean => {
      parsers = parsersAmong(descendants(stack.reader.pid));
      return parsers.some((pid) => commandOf(pid).startsWith(process.execPath));
    };
    await until(isReading, 60, 'a parser');
    // Stopped, they will not end by themselves.
    for (const pid of parsers) process.kill(pid, 'SIGSTOP');
    expect(parsersAmong(parsers)).toEqual(parsers);
    await stack.reader.kill();
    await until(() => parsersAmong(parsers).length === 0, 5, 'the end of every parser');
  });
});

const parsersAmong = (pids: Iterable<number>): number[] =>
  [...pids].filter((pid) => commandOf(pid).includes('parser-child'));

async function outcomeOf(admin: Admin, file: AttackFile): Promise<Outcome> {
  const startedAt = Date.now();
  const answer = await upload(admin, file);
  if (answer.status !== 202) {
    const ms = Date.now() - startedAt;
    return { file, code: answer.body.code ?? 'none', isAtUpload: true, status: answer.status, ms, text: '' };
  }
  const { id, errorCode: code, progress } = await read(admin, answer.body.id);
  const ms = Date.now() - startedAt;
  const text = code === null ? await textOf(admin, id) : '';
  if (progress.total > LONG_CHUNKS) await admin.inWorkspace('POST', `/documents/${id}/cancel`);
  return { file, code, isAtUpload: false, status: answer.status, ms, text };
}

/** Until it has failed, can be asked about, or is so long that the embedding of it would be all that is waited for. */
async function read(admin: Admin, id: string): Promise<DocumentView> {
  let view = await admin.document(id);
  const isOver = async (): Promise<boolean> => {
    view = await admin.document(id);
    return ['indexed', 'failed'].includes(view.status) || view.progress.total > LONG_CHUNKS;
  };
  await until(isOver, 240, () => `the reading of document ${id} (${view.status})`);
  return view;
}

type UploadAnswer = Answer<DocumentView & { code?: string }>;
/** Comes back when it is told to. */
async function upload(admin: Admin, { name, bytes }: AttackFile): Promise<UploadAnswer> {
  for (;;) {
    const answer: UploadAnswer = await admin.upload(name, bytes);
    if (answer.status !== 429) return answer;
    const seconds = Number(answer.headers.get('retry-after'));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

async function textOf(admin: Admin, id: string): Promise<string> {
  const { body } = await admin.inWorkspace<{ items: { text: string }[] }>('GET', `/documents/${id}/chunks`);
  return body.items.map(({ text }) => text).join('\n');
}

function blobsIn(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** @returns what is wrong, in words; empty when it is what the manifest expects */
function problemsOf({ file, code, status, ms, text }: Outcome): string[] {
  const problems: string[] = [];
  if (status >= 500) problems.push(`the upload was answered with ${status}`);
  if (code !== null && !code.startsWith('document.')) problems.push(`${code} is no refusal of a document`);
  if (file.expect === 'accept' && code !== null) problems.push(`${code} instead of text`);
  if (/^reject(?:-fast|-or-strip)?$/.test(file.expect) && code === null) problems.push('it was read');
  if (ms > (file.expect === 'reject-fast' ? REJECT_FAST_MS : ALLOWED_MS)) problems.push(`it took ${ms} ms`);
  // Nothing invisible, and nothing of this machine.
  if (/[\u0000\u200b\u202a-\u202e\u{e0000}-\u{e007f}]|root:x:0/u.test(text))
    problems.push('its text has more than it shows');
  return problems.map((problem) => `${file.name}: ${problem}`);
}
