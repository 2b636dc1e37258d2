import { randomBytes } from 'node:crypto';
import { Admin, call } from './support/admin';
import { findStored, readEverythingStored } from './support/at-rest';
import { Command } from './support/command';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

/** Processes start and end here, on machines that do other things too. */
const PATIENCE_MS = 180_000;
const SITE = 'https://shop.example.com';
const SENTENCE = 'Refunds for violet parcels take exactly eleven working days after the parcel has arrived.';
const FILE = Buffer.from(`# Refunds\n\n${SENTENCE}\n`);
const [OLD, NEW] = ['old', 'new'].map((kid) => `${kid}:${randomBytes(32).toString('base64')}`);

describeStacks('An operator rotates the encryption key', (start) => {
  let stack: Stack;
  let admin: Admin;
  let documentId: string;
  let visitor: Visitor;
  const said: string[] = [];

  beforeAll(async () => {
    stack = await start({ ENCRYPTION_KEY: OLD ?? '' });
    admin = await Admin.register(stack.url);
    documentId = (await admin.uploadAndIndex('refunds.md', FILE, 'text/markdown')).id;
    visitor = await Visitor.arrive(stack.url, (await admin.createEmbed([SITE])).embedKey, SITE);
    await ask('How long do refunds for violet parcels take?');
  }, PATIENCE_MS);
  afterAll(() => stack.stop());

  async function ask(question: string): Promise<void> {
    said.push(question, (await visitor.ask(question)).text);
  }

  /** Everything again with these keys; the visitor's browser reconnects. */
  async function restart(keys: string): Promise<void> {
    visitor.leave();
    await stack.worker?.stop();
    await stack.api.stop();
    stack.env['ENCRYPTION_KEY'] = keys;
    await stack.restartApi();
    if (stack.worker) await stack.restartReader();
    visitor = await Visitor.connect(stack.url, visitor.session, SITE);
  }

  const rotate = (...args: string[]) => Command.run(stack, 'keys:rotate', ...args);
  const readable = async (): Promise<void> => {
    expect((await visitor.history()).map(({ text }) => text)).toEqual(said);
    const file = await admin.inWorkspace('GET', `/documents/${documentId}/content`);
    expect([file.status, file.body]).toEqual([200, FILE.toString()]);
    const { email, password } = admin;
    const login = await call(stack.url, 'POST', '/v1/auth/login', { body: { email, password } });
    expect(login.status).toBe(200);
    const members = await admin.inWorkspace('GET', '/members');
    expect(JSON.stringify(members.body)).toContain(email);
    const audit = await admin.inWorkspace('GET', '/audit-events');
    expect([audit.status, JSON.stringify(audit.body).includes('127.0.0.1')]).toEqual([200, true]);
  };

  it(
    'D03 puts a new key in front, and everything is readable and counted',
    async () => {
      await restart(`${NEW},${OLD}`);
      await ask('How long do refunds take?');
      await readable();
      if (!stack.server) await stack.api.stop();
      const { code, output } = await rotate('--status');
      expect(output).toMatch(/messages\.text: \d+ under key old\n/);
      expect(output).toMatch(/users\.email: 1 under key old\n/);
      expect(output).toMatch(/uploaded files: 1 under key old\n/);
      expect(output).toMatch(/\d+ values are not under the current key \(new\)/);
      expect(code).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'D03 rotates while people write, is killed and goes on until nothing is left',
    async () => {
      const asked = stack.server ? ask('How long do refunds for violet parcels take, again?') : Promise.resolve();
      await Command.start(stack, 'keys:rotate').killWhenItSpeaks();
      const { code, output } = await rotate();
      await asked;
      expect(output).toContain('Nothing is left under another key than the current one (new).');
      expect(code).toBe(0);
      const status = await rotate('--status');
      expect([status.code, status.output]).toEqual([0, expect.not.stringContaining('under key')]);
    },
    PATIENCE_MS,
  );

  it(
    'D03 takes the old key away, and everything is readable as before',
    async () => {
      if (stack.server) await restart(NEW ?? '');
      else {
        stack.env['ENCRYPTION_KEY'] = NEW ?? '';
        visitor.leave();
        await stack.restartApi();
        visitor = await Visitor.connect(stack.url, visitor.session, SITE);
      }
      await readable();
      await ask('How long do refunds for violet parcels take in the end?');
      await readable();
      if (!stack.server) await stack.api.stop();
      expect(findStored(await readEverythingStored(stack), 'v1.old.')).toEqual([]);
    },
    PATIENCE_MS,
  );
});
