import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeDatabases } from '@app/database/testing';
import type { TestEmbed } from '@app/embeds/testing';
import { ChatApp, SITE } from './testing/chat-app';
import type { ChatVisitor } from './testing/chat-visitor';

const file = join(__dirname, '../../../../shared/data/attack/own/socketio-frames.json');

interface FrameCase {
  id: string;
  frame: string;
}

/** The transport below socket.io-client: frames go out exactly as written. */
interface RawTransport {
  ws: { send(frame: string | Buffer): void };
}

// engine.io-client keeps it private.
const rawTransport = (visitor: ChatVisitor): RawTransport =>
  visitor.socket.io.engine.transport as unknown as RawTransport;

const describeCorpus = existsSync(file)
  ? describeDatabases
  : () => describe.skip('malformed frames — the corpora are not beside this checkout', () => it('', () => undefined));

describeCorpus('W05 A22 A client that sends malformed frames', (create) => {
  // The file's own shape; its manifest describes it.
  const cases = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FrameCase[]) : [];
  let chat: ChatApp;
  let embed: TestEmbed;
  let neighbour: ChatVisitor;
  const deaths: unknown[] = [];
  const onDeath = (error: unknown): void => void deaths.push(error);

  beforeAll(async () => {
    // In production either of these would have ended the process.
    process.on('uncaughtException', onDeath).on('unhandledRejection', onDeath);
    chat = await ChatApp.start(create);
    embed = await chat.addEmbed();
    neighbour = await chat.visit(embed);
  });
  afterAll(async () => {
    process.off('uncaughtException', onDeath).off('unhandledRejection', onDeath);
    await chat.close();
  });

  const isStillFine = async () => {
    expect((await neighbour.sync()).messages.length).toBeGreaterThanOrEqual(0);
    expect(neighbour.socket.connected).toBe(true);
    expect(deaths).toEqual([]);
  };

  const wire = cases.filter(({ frame }) => !/^(polling|upgrade|EIO|\?)/.test(frame));
  it('(there are such frames)', () => expect(wire.length).toBeGreaterThan(20));

  /** As written (for the default namespace, where nothing lives), and inside the namespace where something listens. */
  const variants = wire.flatMap(({ id, frame }) =>
    [...new Set([frame, frame.replace(/^(4\d+-?)/, '$1/chat,')])].map((variant) => ({ id, frame: variant })),
  );

  it.each(variants)('$id: $frame disturbs nobody', async ({ frame }) => {
    const attacker = await chat.visit(embed);
    const replies: string[] = [];
    attacker.socket.io.engine.on('message', (data: unknown) => replies.push(String(data)));
    rawTransport(attacker).ws.send(frame);
    await isStillFine();
    // Until the server has dealt with it, which an answer to a later event shows, or has hung up.
    if (attacker.socket.connected) await attacker.sync().catch(() => undefined);
    await isStillFine();
    expect(replies.join('\n')).not.toMatch(/node_modules|\bat \w+.*\.(ts|js):|role|OR 1=1/);
    attacker.leave();
  });

  it('binary frames and a flood of them disturb nobody', async () => {
    const attacker = await chat.visit(embed);
    for (let i = 0; i < 200 && attacker.socket.connected; i += 1) rawTransport(attacker).ws.send(Buffer.alloc(1024, i));
    await isStillFine();
    attacker.leave();
  });

  it('a frame over 64 KiB ends its own connection only', async () => {
    const attacker = await chat.visit(embed);
    const gone = new Promise((resolve) => attacker.socket.once('disconnect', resolve));
    attacker.socket.emit('message-send', { text: 'x'.repeat(70_000) });
    await gone;
    await isStillFine();
  });

  it('a polling body of 5 MB is not read', async () => {
    const path = `${chat.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(path, { headers: { origin: SITE } })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const body = '4'.repeat(5_000_000);
    const status = await fetch(`${path}&sid=${sid}`, { method: 'POST', body, headers: { origin: SITE } })
      .then((response) => response.status)
      .catch(() => 413);
    expect(status).toBe(413);
    await isStillFine();
  });

  it('two hundred connections that never speak disturb nobody', async () => {
    const path = `${chat.url}/socket.io/?EIO=4&transport=polling`;
    await Promise.all(Array.from({ length: 200 }, () => fetch(path, { headers: { origin: SITE } })));
    await isStillFine();
  });

  it('and answers go on', async () => {
    expect((await neighbour.ask('How do I claim the warranty?')).outcome).toBe('answered');
    neighbour.leave();
  });
});
