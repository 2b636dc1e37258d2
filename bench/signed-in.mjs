// An owner with a workspace at one running api, signed in with the link it mailed to its log, who makes an API key: access
// tokens end before a long run does.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const PASSWORD = 'Violet-harbour-42-lantern';

const DAYS = 1;

/** { workspace, headers }: the path of the workspace, and what a request shows that may do what these permissions say. */
export async function keyFor(api, scopes) {
  const email = `${randomUUID()}@example.com`;
  await api.send('POST', '/v1/auth/register', { email, password: PASSWORD, name: 'Ada', workspaceName: 'Acme' });
  const link = new RegExp(`mail to ${email}: Confirm[^]*?#(\\S+)`);
  for (let tries = 0; !link.test(api.log) && tries < 600; tries += 1) await wait(50);
  const token = link.exec(api.log)?.[1];
  const answer = await api.send('POST', '/v1/auth/registrations/confirm', { token });
  if (answer.status !== 201) throw new Error(`confirm: ${answer.status} ${answer.text}`);
  const { workspace, accessToken } = JSON.parse(answer.text);
  const path = `/v1/workspaces/${workspace.id}`;
  const asOwner = { authorization: `Bearer ${accessToken}` };
  const made = await api.send('POST', `${path}/api-keys`, { name: 'bench', scopes, expiresInDays: DAYS }, asOwner);
  if (made.status !== 201) throw new Error(`API key: ${made.status} ${made.text}`);
  return { workspace: path, headers: { authorization: `Bearer ${JSON.parse(made.text).key}` } };
}
