import { Admin, call } from './support/admin';
import { Company } from './support/company';
import { exampleBody } from './support/example-body';
import { documentedOperations, type Operation } from './support/open-api';
import { comeBackFaults, INSIDE, type Problem, problemIn } from './support/problems';
import type { Product } from './support/product';
import { type RawAnswer, send } from './support/raw-http';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { chatSocket, Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
/** Longer than the product waits for an answer that stays out. */
const SILENCE_SECONDS = 25;

describeServerStack('An operator loses the database', (start) => {
  let stack: Stack;
  let operations: Operation[];
  let mine: Company;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2, hasWires: true });
    operations = await documentedOperations(stack.url);
    mine = await Company.found(stack.url, 'WALRUS-2208');
  }, 180_000);
  afterAll(async () => {
    mine?.leave();
    await stack?.stop();
  });

  const ask = (operation: Operation, { url }: Product): Promise<RawAnswer> =>
    send(url, {
      method: operation.method,
      path: mine.address(operation),
      ...mine.credentials(operation),
      body: exampleBody(operation),
    });
  const probe = async ({ url }: Product): Promise<unknown[]> =>
    Promise.all(
      ['/healthz', '/readyz'].map(async (path) => {
        const { status, text } = await send(url, { method: 'GET', path });
        return [status, status === 200 ? '' : problemIn({ text }).code];
      }),
    );
  /** Everything works again, in the processes that ran all along. */
  const works = async (): Promise<void> => {
    for (const { url } of stack.nodes) {
      expect((await call(url, 'GET', '/v1/me', { token: mine.admin.session.accessToken })).status).toBe(200);
    }
    expect([...stack.nodes, stack.worker].map((process) => process?.hasExited)).toEqual([false, false, false]);
  };

  it('A40 H16 and whoever needs it is told when to come back, and nothing else, on every node', async () => {
    stack.wires.database.cut();
    const faults: string[] = [];
    const needing = operations.filter(({ access }) => access !== 'public');
    for (const operation of needing) {
      for (const node of stack.nodes) {
        faults.push(...comeBackFaults(operation.name, await ask(operation, node), 'service.unavailable'));
      }
    }
    expect(needing.length).toBeGreaterThan(40);
    expect(faults).toEqual([]);
  }, 60_000);

  it('A40 H16 and so are those who sign in, and visitors', async () => {
    const { email, password } = mine.admin;
    const asked = [
      { path: '/v1/auth/login', body: { email, password } },
      { path: '/v1/auth/refresh', body: { refreshToken: mine.admin.session.refreshToken } },
      { path: '/v1/auth/password-resets', body: { email } },
      { path: '/v1/embed/sessions', body: { embedKey: `cc_pub_${'x'.repeat(43)}` }, headers: { origin: SITE } },
    ];
    for (const request of asked) {
      const answer = await send(stack.url, { method: 'POST', ...request });
      expect(comeBackFaults(request.path, answer, 'service.unavailable')).toEqual([]);
    }
    const ack = await mine.visitor.sync(0);
    expect(ack).toMatchObject({ ok: false, problem: { code: 'service.unavailable', retryAfterSeconds: 5 } });
    expect(JSON.stringify(ack)).not.toMatch(INSIDE);
    expect(mine.visitor.socket.connected).toBe(true);
    const newcomer = chatSocket(stack.url, mine.visitor.session.visitorToken, SITE);
    const refused = await new Promise<{ data?: Problem }>((resolve) => newcomer.once('connect_error', resolve));
    expect(refused.data).toMatchObject({ code: 'service.unavailable', retryAfterSeconds: 5 });
    newcomer.disconnect();
  });

  it('H16 and the cause is in the log, under the id that was told', async () => {
    const operation = operations.find(({ name }) => name === 'GET /v1/me');
    if (!operation) throw new Error('GET /v1/me is gone');
    const { requestId } = problemIn(await ask(operation, stack.api));
    const logged = (): string | undefined =>
      stack.api.log.split('\n').find((line) => line.includes(requestId) && line.includes('service.unavailable'));
    await until(() => logged() !== undefined, 5, 'the line of the refused request');
    expect(logged()).toContain('ECONNREFUSED');
  });

  it('A40 and the processes live on, but ask for no requests', async () => {
    for (const node of stack.nodes) {
      expect(await probe(node)).toEqual([
        [200, ''],
        [503, 'service.not-ready'],
      ]);
    }
  });

  it('and when it is back everybody goes on, and the worker too, without a restart', async () => {
    await stack.wires.database.mend();
    await works();
    for (const node of stack.nodes) {
      await node.waitUntilReady(10);
    }
    expect(await mine.visitor.history()).toHaveLength(2);
    await mine.visitor.ask('What is the return code of WALRUS-2208?');
    await mine.admin.uploadAndIndex(
      'after.md',
      Buffer.from('# After\n\nTea is served at four again.\n'),
      'text/markdown',
    );
    expect((await Admin.register(stack.nodes.at(-1)?.url ?? stack.url)).workspaceId).not.toBe('');
  }, 120_000);

  it('A40 H16 and a database that says nothing any more keeps nobody waiting for ever', async () => {
    stack.wires.database.hold();
    const since = Date.now();
    const path = `/v1/workspaces/${mine.admin.workspaceId}/documents`;
    const asked = Array.from({ length: 15 }, () =>
      send(stack.url, { method: 'GET', path, token: mine.admin.session.accessToken }),
    );
    expect(await probe(stack.api)).toEqual([
      [200, ''],
      [503, 'service.not-ready'],
    ]);
    const answers = await Promise.all(asked);
    expect(Date.now() - since).toBeLessThan(SILENCE_SECONDS * 1000);
    expect(answers.flatMap((answer) => comeBackFaults('the list', answer, 'service.unavailable'))).toEqual([]);
    await stack.wires.database.mend();
    await works();
    expect(await mine.visitor.history()).toHaveLength(4);
  }, 90_000);

  it('and people who come for the first time afterwards are served as ever', async () => {
    const admin = await Admin.register(stack.url);
    const { embedKey } = await admin.createEmbed([SITE]);
    const visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    expect(await visitor.history()).toEqual([]);
    visitor.leave();
  }, 60_000);
});
