// An owner with a workspace at one running api, signed in with the link it mailed to its log.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const PASSWORD = 'Violet-harbour-42-lantern';

/** { workspace, headers }: the path of the workspace, and what a request shows. */
export async function signIn(api) {
  const email = `${randomUUID()}@example.com`;
  await api.send('POST', '/v1/auth/register', { email, password: PASSWORD, name: 'Ada', workspaceName: 'Acme' });
  const link = new RegExp(`mail to ${email}: Confirm[^]*?#(\\S+)`);
  for (let tries = 0; !link.test(api.log) && tries < 600; tries += 1) await wait(50);
  const token = link.exec(api.log)?.[1];
  const answer = await api.send('POST', '/v1/auth/registrations/confirm', { token });
  if (answer.status !== 201) throw new Error(`confirm: ${answer.status} ${answer.text}`);
  const { workspace, accessToken } = JSON.parse(answer.text);
  return { workspace: `/v1/workspaces/${workspace.id}`, headers: { authorization: `Bearer ${accessToken}` } };
}
