import type { Client } from 'pg';
import { Company } from './support/company';
import { type RawAnswer, type RawRequest, send, sendAndHangUp } from './support/raw-http';
import { describeServerStack, type Stack } from './support/stack';

const REQUESTS = 4_000;
const AT_ONCE = 24;
/** Of these kinds each request is one, in turn. */
const KINDS = 10;
const HANG_UP = 7;

interface Expected {
  request: RawRequest;
  status: number;
  /** Its own canary is in the answer. */
  isOwn: boolean;
}

describeServerStack('Two companies share two connections to the database', (start) => {
  let stack: Stack;
  const companies: Company[] = [];

  beforeAll(async () => {
    stack = await start({ DATABASE_POOL_SIZE: '2' });
    for (const canary of ['WALRUS-5520', 'OSPREY-9917']) companies.push(await Company.found(stack.url, canary));
    for (const company of companies) company.leave();
    await letStatementsTimeOut(stack);
  }, 180_000);

  afterAll(() => stack?.stop());

  const pair = (turn: number): [Company, Company] => {
    const [mine, other] = turn % 2 === 0 ? companies : [companies[1], companies[0]];
    if (!mine || !other) throw new Error('both companies are needed');
    return [mine, other];
  };

  /** The nth request: every company sends every kind. */
  const nth = (n: number): Expected => {
    const [mine, other] = pair(n);
    const workspace = `/v1/workspaces/${mine.admin.workspaceId}`;
    const token = mine.admin.session.accessToken;
    const get = (path: string, status = 200): Expected => ({
      request: { method: 'GET', path, token },
      status,
      isOwn: status === 200,
    });
    const put = (path: string, body: unknown): RawRequest => ({ method: 'PUT', path, token, body });
    const kinds: Expected[] = [
      get(`${workspace}/documents/${mine.ids['documentId']}`),
      get(`${workspace}/conversations/${mine.ids['conversationId']}/messages`),
      get(workspace),
      get(`${workspace}/documents/${other.ids['documentId']}`, 404),
      get(`/v1/workspaces/${other.admin.workspaceId}/documents`, 404),
      get(`${workspace}/documents/nonsense`, 400),
      { request: put(`${workspace}/embeds/${mine.ids['embedId']}`, { name: 7 }), status: 400, isOwn: false },
      get(`${workspace}/members`),
      get(`${workspace}/embeds`),
      get('/v1/workspaces'),
    ];
    const kind = kinds[Math.floor(n / 2) % KINDS];
    if (!kind) throw new Error('there are ten kinds');
    return kind;
  };

  const faultsOf = (n: number, { request, status, isOwn }: Expected, answer: RawAnswer): string[] => {
    const [mine, other] = pair(n);
    const what = `${n}: ${request.method} ${request.path}`;
    const faults = answer.text.includes(other.canary) ? [`${what} tells ${other.canary}`] : [];
    if (answer.status !== status) faults.push(`${what}: ${answer.status} instead of ${status}`);
    if (isOwn && !answer.text.includes(mine.canary)) faults.push(`${what} lacks ${mine.canary}`);
    return faults;
  };

  /** Requests from..to, so many at once; some clients hang up before or while they are answered. */
  const run = async (from: number, to: number): Promise<string[]> => {
    const faults: string[] = [];
    let next = from;
    const worker = async (): Promise<void> => {
      for (let n = next++; n < to; n = next++) {
        const expected = nth(n);
        if (Math.floor(n / 2) % KINDS === HANG_UP) await sendAndHangUp(stack.url, expected.request, n % 23);
        else faults.push(...faultsOf(n, expected, await send(stack.url, expected.request)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return faults;
  };

  /** Changes of rows that somebody else holds, one of each company: both connections wait until they time out. */
  const timeOutOnce = (holder: Client): Promise<RawAnswer[]> =>
    holding(holder, () =>
      Promise.all(
        companies.map((company) =>
          send(stack.url, {
            method: 'PUT',
            path: `/v1/workspaces/${company.admin.workspaceId}/embeds/${company.ids['embedId']}`,
            token: company.admin.session.accessToken,
            body: { name: 'Too late' },
          }),
        ),
      ),
    );

  it('R03 and in 4,000 interleaved requests with hang-ups, errors and timeouts nobody sees a foreign word', async () => {
    const timedOut: RawAnswer[] = [];
    const faults = await run(0, REQUESTS / 4);
    await stack.server?.asSuperuser(async (holder) => {
      for (const quarter of [1, 2, 3]) {
        const from = (quarter * REQUESTS) / 4;
        // The timeouts happen in the middle of everything else.
        const [answers, more] = await Promise.all([timeOutOnce(holder), run(from, from + REQUESTS / 4)]);
        timedOut.push(...answers);
        faults.push(...more);
      }
    });
    expect(faults).toEqual([]);
    expect(timedOut.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 503));
    for (const { text } of timedOut) {
      expect(text).not.toMatch(/WALRUS|OSPREY|timeout|embeds/i);
    }
  }, 300_000);

  it('R03 R01 and afterwards both connections are as good as new', async () => {
    expect(await run(0, 2 * KINDS * 2)).toEqual([]);
    const rows = await stack.inspectAsApplication<{ rows: number }>('select count(*)::int as rows from documents');
    expect(rows).toEqual([{ rows: 0 }]);
  });
});

/** Instead of waiting for a lock a shorter time, so that a statement is cut off in its middle. */
async function letStatementsTimeOut(stack: Stack): Promise<void> {
  await stack.server?.asSuperuser(async (client) => {
    const { name } = stack.server ?? { name: '' };
    await client.query(`alter role ${name}_app in database ${name} set lock_timeout = 0`);
    await client.query(`alter role ${name}_app in database ${name} set statement_timeout = '2s'`);
  });
  await stack.api.stop();
  await stack.restartApi();
}

async function holding<T>(holder: Client, work: () => Promise<T>): Promise<T> {
  await holder.query('begin');
  await holder.query('select 1 from embeds for update');
  try {
    return await work();
  } finally {
    await holder.query('rollback');
  }
}
