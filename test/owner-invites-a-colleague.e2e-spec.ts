import { randomUUID } from 'node:crypto';
import { Admin, type Answer } from './support/admin';
import { tokenIn } from './support/mailbox';
import { describeStack, type Stack } from './support/stack';

interface Invitation {
  id: string;
  code?: string;
}

describeStack('An owner invites a colleague', (start) => {
  let stack: Stack;
  let owner: Admin;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
    owner = await Admin.register(stack.url, 'Blue Kettle');
  }, 180_000);
  afterAll(() => stack?.stop());

  const invite = (email: string, role = 'editor'): Promise<Answer<Invitation>> =>
    owner.inWorkspace<Invitation>('POST', '/invitations', { email, role });
  const tokenFor = async (email: string): Promise<string> => tokenIn(await stack.mailbox.waitFor(email, /invited/));
  const accept = (person: Admin, token: string) =>
    person.call<{ code?: string; role?: string }>('POST', '/v1/invitations/accept', { token });

  it('who accepts with the link from the mail and works in the workspace', async () => {
    const colleague = await Admin.register(stack.url);
    expect((await invite(colleague.email)).status).toBe(201);
    const token = await tokenFor(colleague.email);
    const stranger = await Admin.register(stack.url);
    expect((await accept(stranger, token)).body.code).toBe('invitation.not-found');
    expect((await accept(colleague, token)).body).toEqual({
      id: owner.workspaceId,
      name: 'Blue Kettle',
      role: 'editor',
    });
    expect((await accept(colleague, token)).body.code).toBe('invitation.not-found');
    expect((await colleague.call('GET', `/v1/workspaces/${owner.workspaceId}/documents`)).status).toBe(200);
  });

  it('and learns nothing about whether the address has an account', async () => {
    const known = await Admin.register(stack.url);
    const answers = [await invite(known.email), await invite(`${randomUUID()}@example.com`)];
    const shapes = answers.map(({ status, body }) => [status, Object.keys(body).sort()]);
    expect(shapes[0]).toEqual(shapes[1]);
    expect(shapes[0]?.[0]).toBe(201);
  });

  it('and can take it back, after which the link is dead', async () => {
    const colleague = await Admin.register(stack.url);
    const { body } = await invite(colleague.email);
    const token = await tokenFor(colleague.email);
    expect((await owner.inWorkspace('DELETE', `/invitations/${body.id}`)).status).toBe(204);
    expect((await accept(colleague, token)).body.code).toBe('invitation.not-found');
  });

  it('T15 and hands the workspace over: both roles count at once on every node, and so does leaving', async () => {
    const heir = await Admin.register(stack.url);
    await owner.addMember(heir, 'viewer');
    const { id: userId } = heir.session.user;
    expect((await owner.inWorkspace<{ code: string }>('POST', '/leave')).body.code).toBe('member.last-owner');
    expect((await owner.inWorkspace('POST', '/transfer', { userId })).status).toBe(200);
    const again = await owner.inWorkspace<{ code: string }>('POST', '/transfer', { userId });
    expect([again.status, again.body.code]).toEqual([403, 'access.denied']);
    const path = `/v1/workspaces/${owner.workspaceId}`;
    const read = await Promise.all(
      stack.nodes.map(async ({ url }) => {
        const headers = { authorization: `Bearer ${heir.session.accessToken}` };
        return (await (await fetch(`${url}${path}`, { headers })).json()) as { role: string };
      }),
    );
    expect(read.map(({ role }) => role)).toEqual(stack.nodes.map(() => 'owner'));
    expect((await owner.inWorkspace('POST', '/leave')).status).toBe(204);
    expect((await owner.inWorkspace('GET', '')).status).toBe(404);
  });
});
