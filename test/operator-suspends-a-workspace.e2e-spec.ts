import { randomUUID } from 'node:crypto';
import { Admin, call } from './support/admin';
import { Command } from './support/command';
import { until } from './support/until';
import { describeStack, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';

interface Problem {
  code: string;
}

describeStack('An operator suspends a workspace', (start) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());

  /** The embedded database belongs to one process, so there the product stands still meanwhile. */
  const operate = async (...args: string[]): Promise<void> => {
    if (stack.kind === 'embedded') await stack.api.stop();
    expect(await Command.run(stack, ...args)).toMatchObject({ code: 0 });
    if (stack.kind === 'embedded') await stack.restartApi();
  };

  it('and members, programs and visitors are out on every node, until it is restored', async () => {
    const owner = await Admin.register(stack.url);
    const { embedKey } = await owner.createEmbed([SITE]);
    const made = await owner.inWorkspace<{ key: string }>('POST', '/api-keys', {
      name: 'A program',
      scopes: ['documents.read'],
    });
    const visitor = await Visitor.arrive(stack.nodes.at(-1)?.url ?? stack.url, embedKey, SITE);
    const path = `/v1/workspaces/${owner.workspaceId}/documents`;
    const everywhere = (token: string) =>
      Promise.all(stack.nodes.map(({ url }) => call<Problem>(url, 'GET', path, { token })));
    const outcomes = async (token: string): Promise<unknown[]> =>
      (await everywhere(token)).map(({ status, body }) => [status, body.code]);
    const onEveryNode = (...outcome: unknown[]) => stack.nodes.map(() => outcome);

    await operate('workspaces:suspend', owner.workspaceId);
    await until(() => !visitor.socket.connected, 30, 'the end of the visitor’s socket');
    expect(await outcomes(owner.session.accessToken)).toEqual(onEveryNode(403, 'workspace.suspended'));
    expect(await outcomes(made.body.key)).toEqual(onEveryNode(401, 'auth.token-invalid'));
    const [suspended, unknown] = await Promise.all(
      [embedKey, `cc_pub_${randomUUID()}`].map((key) =>
        call<Problem>(stack.url, 'POST', '/v1/embed/sessions', { body: { embedKey: key }, headers: { origin: SITE } }),
      ),
    );
    expect([suspended?.status, suspended?.body.code]).toEqual([404, 'embed.not-found']);
    expect({ ...unknown?.body, requestId: '' }).toEqual({ ...suspended?.body, requestId: '' });

    await operate('workspaces:restore', owner.workspaceId);
    expect(await outcomes(owner.session.accessToken)).toEqual(onEveryNode(200, undefined));
    expect(await outcomes(made.body.key)).toEqual(onEveryNode(200, undefined));
    visitor.leave();
  }, 180_000);
});
