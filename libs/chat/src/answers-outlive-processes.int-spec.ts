import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerPart } from '@app/ai';
import { connectRedis, MemoryKeyValueStore, MemorySlidingWindows, RedisPubSub, RedisSlots } from '@app/cache';
import { fieldCipherForTests } from '@app/crypto/testing';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { EMBED_ENTITIES } from '@app/embeds';
import type { TestEmbed } from '@app/embeds/testing';
import { AnswerStore } from './answers/answer-store';
import { AnswerSweeper } from './answers/answer-sweeper';
import { SealedMessages } from './conversations/sealed-messages';
import { ChatApp, SITE, type SharedBackbone } from './testing/chat-app';
import { ChatVisitor } from './testing/chat-visitor';
import { Gate } from './testing/gate';
import { until } from './testing/until';
import { WARRANTY_SENTENCES } from './testing/warranty-passage';

const END: AnswerPart = { type: 'end', reason: 'complete', model: 'fake' };
const [FIRST = '', SECOND = '', THIRD = ''] = WARRANTY_SENTENCES;
const WHOLE = `${WARRANTY_SENTENCES.join(' [1] ')} [1]`;
const text = (sentence: string): AnswerPart => ({ type: 'text', text: `${sentence} [1] ` });
const REDIS = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** One answer that waits in its middle. */
const halfThen = (gate: Gate) =>
  async function* () {
    yield text(FIRST);
    yield text(SECOND);
    await gate.opened;
    yield text(THIRD);
    yield END;
  };

describeDatabases('A process that writes answers', (create) => {
  let backbone: SharedBackbone;
  let chat: ChatApp;
  let embed: TestEmbed;

  beforeAll(async () => {
    backbone = await ChatApp.backbone(create);
  });
  afterAll(() => backbone.database.close());
  beforeEach(async () => {
    chat = await ChatApp.startNode(backbone, { leaseSeconds: 1.5 });
    embed = await chat.addEmbed();
  });
  afterEach(() => chat.closeNode());

  const answers = async () => {
    const { workspaceId } = embed;
    const rows = await backbone.database.inspect<{
      id: string;
      lease_expires_at: Date | null;
      text: string;
      status: string;
      outcome: string;
    }>(
      `select id, lease_expires_at, text, status, outcome from messages
       where workspace_id = $1 and author = 'assistant' order by seq`,
      [workspaceId],
    );
    const sealed = new SealedMessages(backbone.cipher);
    return rows.map(({ id, ...row }) => ({ ...row, text: sealed.openText({ workspaceId, id }, row.text) }));
  };

  it('keeps its lease while it writes, with the text so far, and is not swept', async () => {
    const gate = new Gate();
    chat.script = halfThen(gate);
    const visitor = await chat.visit(embed);
    const sent = await visitor.send('How do I claim the warranty?');
    await until(() => visitor.of('answer-delta').length > 0);
    const [first] = await answers();
    await pause(2_000);
    await chat.app.get(AnswerSweeper).sweep();
    const [later] = await answers();
    // Also when it looked dead to a sweeper a moment ago.
    const messageId = visitor.of('answer-start')[0]?.answerId ?? fail();
    const expired = { workspaceId: embed.workspaceId, conversationId: sent.conversationId, messageId };
    expect(await chat.app.get(AnswerStore).expire(expired)).toBeNull();
    expect(later?.lease_expires_at?.getTime()).toBeGreaterThan(first?.lease_expires_at?.getTime() ?? Infinity);
    expect(later?.text).toBe(`${FIRST} [1] ${SECOND} [1]`.slice(0, later?.text.length));
    expect(later?.text).not.toBe('');
    gate.release();
    expect((await visitor.answerTo(sent)).text).toBe(WHOLE);
    visitor.leave();
  });

  it('and is declared dead by another says nothing more, and what waited is answered', async () => {
    const gate = new Gate();
    chat.script = halfThen(gate);
    const visitor = await chat.visit(embed);
    const dead = await visitor.send('How do I claim the warranty?');
    await until(() => visitor.of('answer-delta').length > 0);
    const waiting = await visitor.send('And then?');
    chat.script = () => [text(FIRST), END];
    // As if the process had slept through its lease.
    await chat.backbone.database.inspect(
      `update messages set lease_expires_at = now() - interval '1 second' where status = 'generating'`,
    );
    await chat.app.get(AnswerSweeper).sweep();
    expect((await visitor.answerTo(waiting)).text).toBe(`${FIRST} [1]`);
    expect(visitor.of('answer-error')).toMatchObject([
      { inReplyTo: dead.messageId, problem: { code: 'answer.failed' } },
    ]);
    gate.release();
    await pause(700);
    expect(visitor.of('answer-end').map(({ inReplyTo }) => inReplyTo)).toEqual([waiting.messageId]);
    expect((await visitor.history()).map(({ seq, outcome }) => `${seq} ${outcome ?? 'asked'}`)).toEqual([
      '1 asked',
      '2 failed',
      '3 asked',
      '4 answered',
    ]);
    chat.script = () => [text(FIRST), END];
    expect((await visitor.ask('How do I claim the warranty?')).outcome).toBe('answered');
    visitor.leave();
  });

  it('and shuts down ends them as failed instead of leaving them to their leases', async () => {
    chat.script = halfThen(new Gate());
    const visitor = await chat.visit(embed);
    await visitor.send('How do I claim the warranty?');
    await until(() => visitor.of('answer-delta').length > 0);
    await visitor.send('And then?');
    // The model does not even listen to its signal; nobody may wait for it.
    await chat.closeNode();
    expect(await answers()).toMatchObject([
      { status: 'complete', outcome: 'failed' },
      { status: 'complete', outcome: 'failed' },
    ]);
  });

  it('holds no connection of the database while the model thinks', async () => {
    const gates = Array.from({ length: 8 }, () => new Gate());
    const queue = [...gates];
    chat.script = async function* () {
      yield text(FIRST);
      yield text(SECOND);
      await queue.shift()?.opened;
      yield END;
    };
    const visitors = await Promise.all(gates.map(() => chat.visit(embed)));
    const sent = await Promise.all(visitors.map((visitor) => visitor.send('How do I claim the warranty?')));
    await until(() => visitors.every((visitor) => visitor.of('answer-delta').length > 0));
    // Eight answers wait on a pool of four: if one held a connection, these would not come back.
    await Promise.all(visitors.map((visitor) => visitor.sync()));
    for (const gate of gates) gate.release();
    await Promise.all(visitors.map((visitor, n) => visitor.answerTo(sent[n] ?? fail())));
    for (const visitor of visitors) visitor.leave();
  });

  it('ends an answer that takes too long', async () => {
    const slow = await ChatApp.startNode(backbone, { answerTimeoutSeconds: 0.3 });
    slow.script = halfThen(new Gate());
    const visitor = await slow.visit(await slow.addEmbed());
    await visitor.send('How do I claim the warranty?');
    await until(() => visitor.of('answer-error').length > 0, 5);
    expect(visitor.of('answer-error')[0]?.problem.code).toBe('answer.failed');
    expect((await visitor.history())[1]).toMatchObject({ outcome: 'failed', text: `${FIRST} [1]` });
    visitor.leave();
    await slow.closeNode();
  });
});

describeDatabases('A node whose Redis is away', (create) => {
  it('still answers those who are connected to it, and survives', async () => {
    const deaths: unknown[] = [];
    const onDeath = (error: unknown): void => void deaths.push(error);
    process.on('unhandledRejection', onDeath);
    const backbone = { ...(await ChatApp.backbone(create)), redisUrl: 'redis://127.0.0.1:1' };
    const chat = await ChatApp.startNode(backbone);
    const visitor = await chat.visit(await chat.addEmbed());
    expect((await visitor.ask('How do I claim the warranty?')).text).toBe(WHOLE);
    visitor.leave();
    await pause(1_500);
    expect(deaths).toEqual([]);
    process.off('unhandledRejection', onDeath);
    await chat.close();
  });
});

describeDatabases(
  'Two nodes on Redis — skipped on the embedded database, which belongs to one process',
  (create, kind) => {
    const test = kind === 'postgres' ? it : it.skip;
    let database: TestDatabase;
    let nodes: { one: ChatApp; two: ChatApp };
    let connections: ReturnType<typeof connectRedis>[];

    beforeAll(async () => {
      if (kind !== 'postgres') return;
      database = await create({ entities: EMBED_ENTITIES });
      const prefix = `test:${randomBytes(6).toString('hex')}:`;
      const [jwtSecret, cipher] = [randomBytes(32), fieldCipherForTests()];
      connections = Array.from({ length: 4 }, () => connectRedis(REDIS));
      const backbone = (n: number): SharedBackbone => ({
        database,
        jwtSecret,
        cipher,
        store: new MemoryKeyValueStore(),
        windows: new MemorySlidingWindows(),
        pubSub: new RedisPubSub(connections[n] ?? fail(), connections[n + 1] ?? fail(), prefix),
        slots: new RedisSlots(connections[n] ?? fail(), prefix),
        redisUrl: REDIS,
        redisPrefix: prefix,
      });
      nodes = { one: await ChatApp.startNode(backbone(0)), two: await ChatApp.startNode(backbone(2)) };
    });
    afterAll(async () => {
      if (kind !== 'postgres') return;
      await Promise.all([nodes.one.closeNode(), nodes.two.closeNode()]);
      for (const connection of connections) connection.disconnect();
      await database.close();
    });

    test('serve one visitor: asked on the one, heard, synced and stopped on the other', async () => {
      const { one, two } = nodes;
      const gate = new Gate();
      one.script = halfThen(gate);
      const embed = await one.addEmbed();
      const asking = await one.visit(embed);
      const watching = await ChatVisitor.connect(two.url, asking.session, SITE);
      const sent = await asking.send('How do I claim the warranty?');
      await until(() => watching.of('answer-delta').length > 0);
      expect(watching.of('message-added')).toHaveLength(1);
      const { activeAnswer } = await watching.sync();
      expect(activeAnswer).toMatchObject({ inReplyTo: sent.messageId, text: `${FIRST} [1]` });
      expect(await watching.emit('answer-stop', { answerId: activeAnswer?.answerId ?? '' })).toEqual({
        ok: true,
        data: {},
      });
      // The other node hears of it a moment after the acknowledgement; the model waits until it has.
      expect(await watching.answerTo(sent)).toMatchObject({ outcome: 'stopped', text: `${FIRST} [1]` });
      gate.release();
      asking.leave();
      watching.leave();
    });

    test('take over what waited when the other has died', async () => {
      const { one, two } = nodes;
      one.script = halfThen(new Gate());
      two.script = () => [text(FIRST), END];
      const embed = await one.addEmbed();
      two.search.set(
        embed.workspaceId,
        (await one.search.search({ workspaceId: embed.workspaceId, actor: { type: 'system' } }, { text: '', limit: 1 }))
          .passages,
      );
      const asking = await one.visit(embed);
      await asking.send('How do I claim the warranty?');
      await until(() => asking.of('answer-delta').length > 0);
      const waiting = await asking.send('And then?');
      const elsewhere = await ChatVisitor.connect(two.url, asking.session, SITE);
      await database.inspect(
        `update messages set lease_expires_at = now() - interval '1 second' where status = 'generating'`,
      );
      await two.app.get(AnswerSweeper).sweep();
      expect((await elsewhere.answerTo(waiting)).outcome).toBe('answered');
      expect((await asking.answerTo(waiting)).outcome).toBe('answered');
      expect(two.answers.requests).toHaveLength(1);
      asking.leave();
      elsewhere.leave();
    });

    test('close sockets everywhere when an embed is disabled on one', async () => {
      const embed = await nodes.one.addEmbed();
      const visitor = await nodes.two.visit(embed);
      await nodes.one.change(embed, 'disable');
      await until(() => visitor.socket.disconnected, 1);
      expect(visitor.of('session-closed')).toEqual([{ reason: 'embed-changed' }]);
    });
  },
);

function fail(): never {
  throw new Error('out of range');
}
