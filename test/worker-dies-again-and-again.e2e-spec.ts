import { FakeClamd } from '@app/documents/testing';
import type { Client } from 'pg';
import { Admin, type DocumentView } from './support/admin';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';

const DOCUMENTS = 20;
const KILLS = 30;
const STEPS = ['scanning', 'parsing', 'chunking', 'embedding'] as const;
type Step = (typeof STEPS)[number];

/** Twenty documents of three kinds, some short, some long. */
function handbook(n: number): { fileName: string; bytes: Buffer } {
  const sections = Array.from({ length: 2 + (n % 4) * 2 }, (_, part) => ({
    title: `Machine ${n}-${part}`,
    text: Array.from(
      { length: 4 },
      (_unused, item) =>
        `Part ${item} of machine ${n}-${part} is oiled every ${n + part + item} hours and checked by two people.`,
    ).join(' '),
  }));
  const kinds = [
    { extension: 'md', write: () => sections.map(({ title, text }) => `# ${title}\n\n${text}`).join('\n\n') },
    { extension: 'html', write: () => sections.map(({ title, text }) => `<h1>${title}</h1><p>${text}</p>`).join('') },
    { extension: 'txt', write: () => sections.map(({ title, text }) => `${title}\n\n${text}`).join('\n\n') },
  ];
  const { extension, write } = kinds[n % kinds.length] ?? { extension: 'txt', write: () => '' };
  return { fileName: `machine-${n}.${extension}`, bytes: Buffer.from(write()) };
}

describeServerStack('The worker is killed again and again while it reads twenty documents', (start) => {
  const clamd = new FakeClamd();
  let stack: Stack;
  beforeAll(async () => {
    const { host, port } = await clamd.start();
    stack = await start({ CLAMD_HOST: host, CLAMD_PORT: String(port), DOCUMENT_CONCURRENCY: '1' });
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    await clamd.stop();
  });

  const uploadAll = async (admin: Admin): Promise<void> => {
    for (let n = 0; n < DOCUMENTS; n++) {
      const { fileName, bytes } = handbook(n);
      expect((await admin.upload(fileName, bytes)).status).toBe(202);
    }
  };
  const documents = async (admin: Admin): Promise<DocumentView[]> =>
    (await admin.inWorkspace<{ items: DocumentView[] }>('GET', '/documents?limit=100')).body.items;
  const isDone = ({ status }: DocumentView): boolean => status === 'indexed' || status === 'failed';

  /** By file: how many passages, whether each has its vector and its own place, and what they say. */
  const passages = async (admin: Admin): Promise<unknown[] | null> =>
    stack.inspect(
      `select v.file_name, count(*)::int as chunks, count(distinct c.ordinal)::int as places, count(x.chunk_id)::int as vectors,
         md5(string_agg(c.text, '|' order by c.ordinal)) as text
       from document_versions v
       join chunks c on c.workspace_id = v.workspace_id and c.document_id = v.document_id and c.version = v.version
       left join chunk_vectors x on x.workspace_id = c.workspace_id and x.chunk_id = c.id
       where v.workspace_id = '${admin.workspaceId}' group by v.file_name order by v.file_name`,
    );

  /** Has the worker in the middle of a step, kills it there, and starts another. */
  const killIn = async (step: Step, database: Client): Promise<void> => {
    const isThere = async (): Promise<boolean> =>
      (await database.query('select 1 from document_versions where status = $1', [step])).rowCount !== 0;
    let open = (): void => undefined;
    if (step === 'scanning') {
      const gate = new Promise<void>((resolve) => (open = resolve));
      clamd.answer = async () => {
        await gate;
        return 'stream: OK';
      };
    }
    // Reading goes on; what the worker would write waits.
    if (step === 'chunking') await database.query('begin; lock table chunks in share row exclusive mode');
    await until(isThere, 60, `a document in step ${step}`);
    await stack.reader.kill();
    if (step === 'chunking') await database.query('rollback');
    clamd.answer = () => 'stream: OK';
    open();
    await stack.restartReader();
  };

  it(`and after ${KILLS} times every document is there as if nothing had happened`, async () => {
    const calm = await Admin.register(stack.url);
    await uploadAll(calm);
    await until(async () => (await documents(calm)).every(isDone), 240, 'the undisturbed run');
    const undisturbed = await passages(calm);
    expect(undisturbed).toHaveLength(DOCUMENTS);

    const admin = await Admin.register(stack.url);
    await uploadAll(admin);
    await stack.server?.asSuperuser(async (database) => {
      for (let kill = 0; kill < KILLS; kill++) await killIn(STEPS[kill % STEPS.length] ?? 'parsing', database);
    });
    await until(async () => (await documents(admin)).every(isDone), 240, 'all documents to end');

    const failed = (await documents(admin)).filter(({ status }) => status === 'failed');
    // Killed at it more often than is forgiven, and said so: a person retries it.
    for (const { id, errorCode } of failed) {
      expect(errorCode).toBe('document.processing-failed');
      await admin.inWorkspace('POST', `/documents/${id}/retry`);
    }
    for (const { id } of failed) expect((await admin.processed(id)).status).toBe('indexed');
    expect(await passages(admin)).toEqual(undisturbed);
  }, 900_000);
});
