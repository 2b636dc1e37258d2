import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { Admin, type Answer, call } from './support/admin';
import { mailbox, tokenIn } from './support/mailbox';
import { comeBackFaults, INSIDE, type Problem } from './support/problems';
import { type RawAnswer, send } from './support/raw-http';
import { describeServerStack, describeStack, type Stack } from './support/stack';
import { until } from './support/until';

/** As many files as one workspace may send to a node at the same moment. */
const AT_ONCE = 4;

/** Something only one can do, tried by several at once. */
interface Race {
  what: string;
  /** What those who come too late are told. */
  loses: [number, string];
  prepare: (stack: Stack) => Promise<(url: string) => Promise<Answer>>;
}

const RACES: readonly Race[] = [
  {
    what: 'upload the same bytes',
    loses: [409, 'document.duplicate'],
    prepare: async ({ url }) => {
      const admin = await Admin.register(url);
      const bytes = Buffer.from(`# Note ${randomUUID()}\n\nTea is served at four.\n`);
      return () => admin.upload('note.md', bytes, 'text/markdown');
    },
  },
  {
    what: 'invite the same person',
    loses: [409, 'invitation.exists'],
    prepare: async ({ url }) => {
      const admin = await Admin.register(url);
      const body = { email: `${randomUUID()}@example.com`, role: 'viewer' };
      return (node) =>
        call(node, 'POST', `/v1/workspaces/${admin.workspaceId}/invitations`, {
          body,
          token: admin.session.accessToken,
        });
    },
  },
  {
    what: 'follow the same invitation',
    loses: [404, 'invitation.not-found'],
    prepare: async ({ url }) => {
      const [host, guest] = [await Admin.register(url), await Admin.register(url)];
      await host.inWorkspace('POST', '/invitations', { email: guest.email, role: 'viewer' });
      const token = tokenIn(await mailbox.waitFor(guest.email, /invited/));
      return (node) =>
        call(node, 'POST', '/v1/invitations/accept', { body: { token }, token: guest.session.accessToken });
    },
  },
  {
    what: 'follow links to the same new account',
    loses: [400, 'auth.link-invalid'],
    prepare: async ({ url }) => {
      const email = `${randomUUID()}@example.com`;
      const body = { email, password: 'Another-harbour-73-lantern', name: 'Ada', workspaceName: 'Acme' };
      await call(url, 'POST', '/v1/auth/register', { body });
      const token = tokenIn(await mailbox.waitFor(email, /^Confirm/));
      return (node) =>
        call(node, 'POST', '/v1/auth/registrations/confirm', { body: { token, refreshTokenIn: 'body' } });
    },
  },
];

describeStack('People get in each other’s way', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());

  it.each(RACES)(
    'A40 H16 when several $what at once: one does, the others read why not',
    async ({ loses, prepare }) => {
      const race = await prepare(stack);
      const nodes = Array.from({ length: AT_ONCE }, (_, n) => stack.nodes[n % stack.nodes.length]?.url ?? stack.url);
      const answers = await Promise.all(nodes.map((url) => race(url)));
      const lost = answers.filter(({ status }) => status >= 300);
      expect(lost).toHaveLength(AT_ONCE - 1);
      for (const { status, body, headers } of lost) {
        const problem = body as Problem; // every refusal is one
        expect([status, problem.code]).toEqual(loses);
        expect(problem.requestId).toBe(headers.get('x-request-id'));
        expect(JSON.stringify(problem)).not.toMatch(INSIDE);
      }
    },
    60_000,
  );
});

describeServerStack('People wait for each other too long', (start) => {
  let stack: Stack;
  let admin: Admin;
  let embedId: string;
  beforeAll(async () => {
    stack = await start({ DATABASE_POOL_SIZE: '2' });
    admin = await Admin.register(stack.url);
    embedId = (await admin.createEmbed(['https://www.example.com'])).id;
  }, 180_000);
  afterAll(() => stack?.stop());

  const path = (rest: string): string => `/v1/workspaces/${admin.workspaceId}${rest}`;
  const token = (): string => admin.session.accessToken;
  const rename = (): Promise<RawAnswer> =>
    send(stack.url, { method: 'PUT', path: path(`/embeds/${embedId}`), token: token(), body: { name: 'Too late' } });
  const list = (): Promise<RawAnswer> => send(stack.url, { method: 'GET', path: path('/embeds'), token: token() });

  /** While somebody else holds the row that is to be renamed. */
  const whileHeld = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!stack.server) throw new Error('this story needs a database server');
    return stack.server.asSuperuser(async (holder) => {
      await holder.query('begin');
      await holder.query('select 1 from embeds for update');
      return work().finally(() => holder.query('rollback'));
    });
  };

  /** For connections from now on; those there are end. */
  const limit = async (settings: Readonly<Record<string, string>>): Promise<void> => {
    const { server } = stack;
    const change = async (client: Client): Promise<void> => {
      for (const [name, value] of Object.entries(settings)) {
        await client.query(`alter role ${server?.name}_app in database ${server?.name} set ${name} = '${value}'`);
      }
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${server?.name}_app'`,
      );
    };
    await server?.asSuperuser(change);
    await until(async () => (await list()).status === 200);
  };
  const waiters = async (): Promise<number | undefined> => {
    const waiting = await stack.inspect<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting?.[0]?.n;
  };

  it('A40 H16 and a lock that is not to be had is a reason to come back', async () => {
    expect(comeBackFaults('rename', await whileHeld(rename), 'service.busy')).toEqual([]);
    expect((await rename()).status).toBe(200);
  });

  it('A40 H16 and so is a statement that takes too long', async () => {
    await limit({ lock_timeout: '0', statement_timeout: '1s' });
    expect(comeBackFaults('rename', await whileHeld(rename), 'service.busy')).toEqual([]);
    expect((await rename()).status).toBe(200);
  });

  it('A40 H16 and connections that are all in use, until one is free', async () => {
    await limit({ lock_timeout: '0', statement_timeout: '9s' });
    const [first, second, third] = await whileHeld(async () => {
      const waiting = [rename(), rename()];
      await until(async () => (await waiters()) === 2, 5, 'two connections that wait for the row');
      return Promise.all([...waiting, list()]);
    });
    for (const answer of [first, second])
      expect(comeBackFaults('rename', answer as RawAnswer, 'service.busy')).toEqual([]);
    expect(comeBackFaults('list', third as RawAnswer, 'service.unavailable')).toEqual([]);
    expect((await list()).status).toBe(200);
  }, 60_000);
});
