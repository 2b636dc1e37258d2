import { randomUUID } from 'node:crypto';
import { SEALED_COLUMNS } from '@app/database';
import { Redis } from 'ioredis';
import { Admin, call } from './support/admin';
import { findStored, readEverythingStored, type Stored } from './support/at-rest';
import { tokenIn } from './support/mailbox';
import { REDIS } from './support/services';
import { until } from './support/until';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

/** Processes start and end here, on machines that do other things too. */
const PATIENCE_MS = 180_000;
const SITE = 'https://shop.example.com';
const CLIENT_IP = '203.0.113.77';
const USER_AGENT = 'Planted-Agent/4.711';
const QUESTION = 'My name is Wilhelmina Tell, how long do refunds of parcel 4711-violet take?';
const SENTENCE = 'Refunds for violet parcels take exactly eleven working days after the parcel has arrived.';

const IN_REDIS = 'left in the open in Redis';

/** Company text that is searched and so lies in the open, as docs/security.md says. */
const DECLARED_PLAIN = ['chunks.text', 'chunks.heading_path', 'documents.title', 'documents.file_name'];

const headers = { 'x-forwarded-for': CLIENT_IP, 'user-agent': USER_AGENT };
const SEALED = /^v1\.[\w-]{1,32}\.[\w-]{16}\.[\w-]*\.[\w-]{22}$/m;

describeStacks('A thief takes the database, Redis and the files', (start) => {
  let stack: Stack;
  let stored: Stored;
  let planted: Record<string, string>;

  beforeAll(async () => {
    stack = await start({ TRUST_PROXY: '1' });
    planted = await plant(stack);
    // The embedded database is read once its product has let go of it.
    if (!stack.server) await stack.api.stop();
    if (stack.server) await leaveInRedis(`${stack.env['REDIS_PREFIX']}open`);
    stored = await readEverythingStored(stack);
  }, PATIENCE_MS);
  afterAll(() => stack.stop());

  it.each([
    'visitor message',
    'answer',
    'e-mail address',
    'name of a person',
    'password',
    'refresh token',
    'access token',
    'client address',
    'user agent',
    'API key',
    'embed key',
    'visitor token',
    'resume token',
    'TOTP secret',
    'invited e-mail address',
    'token of an invitation',
    'e-mail address not yet confirmed',
    'name not yet confirmed',
    'password not yet confirmed',
    'token of a confirmation',
    'text of an uploaded file',
  ])('A26 D01 and finds no %s where it is declared encrypted or hashed', (what) => {
    const text = planted[what];
    expect(text?.length).toBeGreaterThan(8);
    expect(findStored(stored, text ?? '').filter((place) => !DECLARED_PLAIN.includes(place))).toEqual([]);
  });

  it('A26 D01 although the search finds what lies in the open', () => {
    expect(findStored(stored, SENTENCE)).toEqual(['chunks.text']);
    expect(findStored(stored, IN_REDIS)).toEqual(stack.server ? [`redis ${stack.env['REDIS_PREFIX']}open`] : []);
    expect([...stored.keys()].filter((place) => place.startsWith('file '))).toHaveLength(1);
  });

  it('A26 and every sealed value is in a registered column, and every registered column holds nothing else', () => {
    const registered = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    const columns = [...stored].filter(([place]) => !/^(redis|file) /.test(place));
    const sealed = columns.filter(([, content]) => SEALED.test(content)).map(([place]) => place);
    expect(sealed.filter((place) => !registered.includes(place))).toEqual([]);
    for (const place of registered) {
      const values = (stored.get(place) ?? '').split('\n').filter((value) => value !== '');
      expect([place, values.filter((value) => !SEALED.test(value))]).toEqual([place, []]);
    }
    expect(sealed).toEqual(
      expect.arrayContaining(['messages.text', 'messages.citations', 'users.email', 'users.name', 'sessions.ip']),
    );
  });
});

/** Through the front door, as people do. */
async function plant(stack: Stack): Promise<Record<string, string>> {
  const admin = await Admin.register(stack.url);
  const { email, password } = admin;
  const login = await call<{ accessToken: string; refreshToken: string }>(stack.url, 'POST', '/v1/auth/login', {
    body: { email, password, refreshTokenIn: 'body' },
    headers,
  });
  expect(login.status).toBe(200);
  const token = login.body.accessToken;
  const make = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const answer = await call<Record<string, string>>(stack.url, 'POST', path, { token, headers, body });
    expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
    return answer.body;
  };
  const base = `/v1/workspaces/${admin.workspaceId}`;
  const key = await make(`${base}/api-keys`, { name: 'Import', scopes: ['documents.read'] });
  const invited = `${randomUUID()}@example.org`;
  await make(`${base}/invitations`, { email: invited, role: 'viewer' });
  const waiting = { email: `${randomUUID()}@example.net`, password: 'Copper-lantern-77-meadow', name: 'Wanda Waiting' };
  await make('/v1/auth/register', { ...waiting, workspaceName: 'Waiting room' });
  const totp = await make('/v1/me/totp', undefined);
  await admin.uploadAndIndex('refunds.md', Buffer.from(`# Refunds\n\n${SENTENCE}\n`), 'text/markdown');
  const embed = await admin.createEmbed([SITE]);
  const visitor = await Visitor.arrive(stack.url, embed.embedKey, SITE);
  const end = await visitor.ask(QUESTION);
  expect(end.text).toContain(SENTENCE);
  await visitor.ask('And how long do refunds of violet parcels take for my friend?');
  visitor.leave();
  await settled(admin);
  return {
    'visitor message': QUESTION,
    answer: SENTENCE,
    'e-mail address': email,
    'name of a person': 'Ada Admin',
    password,
    'refresh token': login.body.refreshToken,
    'access token': token,
    'client address': CLIENT_IP,
    'user agent': USER_AGENT,
    'API key': key['key'] ?? '',
    'embed key': embed.embedKey,
    'visitor token': visitor.session.visitorToken,
    'resume token': visitor.session.resumeToken,
    'TOTP secret': totp['secret'] ?? '',
    'text of an uploaded file': SENTENCE,
    'invited e-mail address': invited,
    'token of an invitation': tokenIn(await stack.mailbox.waitFor(invited)),
    'e-mail address not yet confirmed': waiting.email,
    'name not yet confirmed': waiting.name,
    'password not yet confirmed': waiting.password,
    'token of a confirmation': tokenIn(await stack.mailbox.waitFor(waiting.email)),
  };
}

async function leaveInRedis(key: string): Promise<void> {
  const redis = new Redis(REDIS);
  await redis.set(key, IN_REDIS);
  redis.disconnect();
}

/** What happens after an answer was told has reached the database too, and the client's address has. */
async function settled(admin: Admin): Promise<void> {
  await until(async () => {
    const audit = await admin.inWorkspace<{ items: { action: string }[] }>('GET', '/audit-events?limit=100');
    const answered = audit.body.items.filter(({ action }) => action.startsWith('answer.'));
    return answered.length === 2 && JSON.stringify(audit.body).includes(CLIENT_IP);
  });
}
