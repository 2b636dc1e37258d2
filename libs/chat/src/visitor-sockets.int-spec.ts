import { randomUUID } from 'node:crypto';
import { describeDatabase } from '@app/database/testing';
import type { TestEmbed } from '@app/embeds/testing';
import { openTestSession } from '@app/embeds/testing';
import { io } from 'socket.io-client';
import { ChatApp, SITE, type SharedBackbone } from './testing/chat-app';
import { chatSocket, ChatVisitor, refusalOf } from './testing/chat-visitor';
import { Gate } from './testing/gate';
import { until } from './testing/until';

const question = () => ({ clientMessageId: randomUUID(), text: 'How do I claim the warranty?' });

describeDatabase('A socket', (create) => {
  let chat: ChatApp;
  let embed: TestEmbed;
  let token: string;

  beforeAll(async () => {
    chat = await ChatApp.start(create);
    embed = await chat.addEmbed([SITE, 'https://other.example.com']);
  });
  afterAll(() => chat.close());
  beforeEach(async () => {
    token = (await openTestSession(chat.app, { embedKey: embed.embedKey, origin: SITE })).visitorToken;
  });

  describe('is refused', () => {
    it.each([
      ['from a foreign site', 'https://evil.example'],
      ['from another allowed site of the same embed', 'https://other.example.com'],
      ['from a look-alike', 'https://shop.example.com.evil.example'],
      ['over http', 'http://shop.example.com'],
      ['from "null"', 'null'],
      ['without an origin', undefined],
    ])('%s', async (_name, origin) => {
      for (const transports of [['websocket'], ['polling']]) {
        const error = await refusalOf(chatSocket(chat.url, { token }, { origin, transports }));
        // Well-formed origins get as far as the token; the others do not even get a connection.
        if (error.data) expect(error.data.code).toBe('visitor.token-invalid');
      }
    });

    it.each([
      ['A19 without a token', {}],
      ['with an invented token', { token: 'a.b.c' }],
      ['with an operator for a token', { token: { $ne: '' } }],
      ['with a list for a token', { token: ['x'] }],
    ])('%s', async (_name, auth) => {
      const error = await refusalOf(chatSocket(chat.url, auth, { origin: SITE }));
      expect(error.data).toMatchObject({ code: 'visitor.token-invalid', status: 401, requestId: expect.any(String) });
    });

    it('A19 with its token in the address, even a good one', async () => {
      const error = await refusalOf(chatSocket(chat.url, {}, { origin: SITE, query: { token } }));
      expect(error.data).toBeUndefined();
    });

    it('on the default namespace and on unknown ones', async () => {
      for (const [namespace, code] of [
        ['/', 'route.not-found'],
        ['/admin', undefined],
      ] as const) {
        const socket = io(chat.url + namespace, {
          auth: { token },
          transports: ['websocket'],
          extraHeaders: { origin: SITE },
          forceNew: true,
          reconnection: false,
        });
        expect((await refusalOf(socket)).data?.code).toBe(code);
      }
    });

    it('over transports and versions we do not speak, and no client library is served', async () => {
      const status = async (path: string, headers: Record<string, string> = { origin: SITE }) =>
        (await fetch(`${chat.url}/socket.io/${path}`, { headers })).status;
      expect(await status('?EIO=4&transport=polling')).toBe(200);
      expect(await status('?EIO=4&transport=polling', {})).toBe(403);
      expect(await status('?EIO=4&transport=polling', { origin: 'null' })).toBe(403);
      expect(await status('?EIO=4&transport=webtransport')).toBe(400);
      expect(await status('?EIO=4&transport=__proto__')).toBe(400);
      expect(await status('?EIO=3&transport=polling')).toBe(400);
      expect(await status('socket.io.js')).toBeGreaterThanOrEqual(400);
    });

    it('when a foreign page has learnt the connection id of a polling socket', async () => {
      const path = `${chat.url}/socket.io/?EIO=4&transport=polling`;
      const opened = await (await fetch(path, { headers: { origin: SITE } })).text();
      const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
      const post = (origin?: string) =>
        fetch(`${path}&sid=${sid}`, { method: 'POST', body: '40/chat,{}', headers: origin ? { origin } : {} });
      expect((await post('https://evil.example')).status).toBe(400);
      expect((await post()).status).toBe(400);
      expect((await post(SITE)).status).toBe(200);
    });
  });

  it('may poll, with an allow-origin of its page and no credentials', async () => {
    const response = await fetch(`${chat.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: SITE } });
    expect(response.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    const socket = chatSocket(chat.url, { token }, { origin: SITE, transports: ['polling'] });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const ack: unknown = await socket.timeout(5_000).emitWithAck('conversation-sync', { afterSeq: 0 });
    expect(ack).toEqual({ ok: true, data: { messages: [] } });
    socket.disconnect();
  });

  it('A20 of one visitor can be opened five times, also when twenty come at once, and again when one has left', async () => {
    const session = await openTestSession(chat.app, { embedKey: embed.embedKey, origin: SITE });
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => ChatVisitor.connect(chat.url, session, SITE)),
    );
    const open = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(open).toHaveLength(5);
    const refused = tries.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ data: { code: 'limit.connections', status: 429 } });
    open.pop()?.leave();
    let again: ChatVisitor | null = null;
    await until(async () => (again = await ChatVisitor.connect(chat.url, session, SITE).catch(() => null)) !== null);
    await expect(ChatVisitor.connect(chat.url, session, SITE)).rejects.toMatchObject({
      data: { code: 'limit.connections' },
    });
    for (const visitor of open) visitor.leave();
    (again as ChatVisitor | null)?.leave();
  });

  it('is closed within a second when its embed is disabled, and its neighbours are not', async () => {
    const other = await chat.visit(await chat.addEmbed());
    const visitor = await chat.visit(embed);
    const closed = new Promise<string>((resolve) => visitor.socket.once('disconnect', resolve));
    const before = Date.now();
    await chat.change(embed, 'disable');
    expect(await closed).toBe('io server disconnect');
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(visitor.of('session-closed')).toEqual([{ reason: 'embed-changed' }]);
    await chat.change(embed, 'enable');
    expect((await refusalOf(chatSocket(chat.url, { token }, { origin: SITE }))).data?.code).toBe(
      'visitor.token-invalid',
    );
    expect(other.socket.connected).toBe(true);
    expect((await other.sync()).messages).toEqual([]);
    other.leave();
  });

  it.each([
    ['disabled', 'is_enabled = false'],
    ['changed in generation', 'generation = generation + 1'],
    ['closed to its site', `allowed_origins = '{https://elsewhere.example.com}'`],
    ['over', `expires_at = now()`],
  ])('W06 is closed within two seconds when its embed is %s and no node was told', async (_how, change) => {
    const changing = await chat.addEmbed();
    const [visitor, neighbour] = [await chat.visit(changing), await chat.visit(embed)];
    const before = Date.now();
    await chat.backbone.database.inspect(`update embeds set ${change} where id = '${changing.embedId}'`);
    await until(() => visitor.socket.disconnected);
    expect(Date.now() - before).toBeLessThan(2_500); // two seconds, and the moment until the client knows
    expect(visitor.of('session-closed')).toEqual([{ reason: 'embed-changed' }]);
    expect(neighbour.socket.connected).toBe(true);
    neighbour.leave();
  });

  it('says nothing where consent is asked for, until it is given', async () => {
    const asking = await chat.addEmbed([SITE], { requiresConsent: true });
    const first = await chat.visit(asking);
    expect(await first.emit('message-send', question())).toMatchObject({
      ok: false,
      problem: { code: 'visitor.consent-required', status: 403 },
    });
    expect(await first.history()).toEqual([]);
    const { resumeToken, config } = first.session;
    const session = await openTestSession(chat.app, {
      ...{ embedKey: asking.embedKey, origin: SITE, resumeToken },
      acceptedDisclosureVersion: config.disclosureVersion,
    });
    const second = await ChatVisitor.connect(chat.url, session, SITE);
    expect((await second.emit('message-send', question())).ok).toBe(true);
    for (const visitor of [first, second]) visitor.leave();
  });

  it('is closed when its own site is struck off the list, and those of other sites are not', async () => {
    const [here, there] = [await chat.visit(embed), await chat.visit(embed, { origin: 'https://other.example.com' })];
    await chat.change(embed, 'update', { allowedOrigins: ['https://other.example.com'] });
    await until(() => here.socket.disconnected, 1);
    expect((await there.sync()).messages).toEqual([]);
    there.leave();
    await chat.change(embed, 'update', { allowedOrigins: [SITE, 'https://other.example.com'] });
  });

  it('reaches no conversation but its own visitor’s', async () => {
    const gate = new Gate();
    chat.script = async function* () {
      await gate.opened;
      yield { type: 'end', reason: 'no-answer', model: 'fake' };
    };
    const mine = await chat.visit(embed);
    await mine.send('My secret question');
    await until(() => mine.of('answer-start').length > 0);
    const answerId = mine.of('answer-start')[0]?.answerId ?? '';
    for (const stranger of [await chat.visit(embed), await chat.visit(await chat.addEmbed())]) {
      expect(await stranger.sync()).toEqual({ messages: [] });
      expect(await stranger.emit('answer-stop', { answerId })).toMatchObject({
        ok: false,
        problem: { code: 'answer.not-found' },
      });
      for (const claim of ['conversationId', 'visitorId', 'workspaceId']) {
        const ack = await stranger.emitRaw('conversation-sync', { afterSeq: 0, [claim]: randomUUID() });
        expect(ack).toMatchObject({ ok: false, problem: { code: 'request.invalid' } });
      }
      expect(JSON.stringify(stranger.heard)).toBe('[]');
      stranger.leave();
    }
    gate.release();
    await until(() => mine.of('answer-end').length > 0);
    mine.leave();
  });

  describe('answers what it cannot accept with a problem and stays open:', () => {
    it.each([
      ['an unknown event', 'no-such-event', [{}], 'event.unknown'],
      ['a magic name', '__proto__', [{}], 'event.unknown'],
      ['another magic name', 'constructor', [{}], 'event.unknown'],
      ['the name of an emitter’s own event', 'error', [{}], 'event.unknown'],
      ['no payload', 'message-send', [], 'request.invalid'],
      ['a null payload', 'message-send', [null], 'request.invalid'],
      ['a text for a payload', 'message-send', ['text'], 'request.invalid'],
      ['a list for a payload', 'message-send', [[{}]], 'request.invalid'],
      ['two payloads', 'message-send', [question(), question()], 'request.invalid'],
      ['an id that is none', 'message-send', [{ ...question(), clientMessageId: 'x' }], 'request.invalid'],
      ['a blank text', 'message-send', [{ ...question(), text: '   ' }], 'request.invalid'],
      ['a text with NUL', 'message-send', [{ ...question(), text: 'a\u0000b' }], 'request.invalid'],
      ['an object for a text', 'message-send', [{ ...question(), text: { toString: 1 } }], 'request.invalid'],
      ['bytes for a text', 'message-send', [{ ...question(), text: Buffer.from('bytes') }], 'request.invalid'],
      ['a text that is too long', 'message-send', [{ ...question(), text: 'x'.repeat(4_001) }], 'message.too-long'],
      ['a negative position', 'conversation-sync', [{ afterSeq: -1 }], 'request.invalid'],
      ['a huge position', 'conversation-sync', [{ afterSeq: 1e308 }], 'request.invalid'],
      ['an answer nobody knows', 'answer-stop', [{ answerId: randomUUID() }], 'answer.not-found'],
      ['a token that is none', 'token-renew', [{ token: 'x' }], 'visitor.token-invalid'],
    ])('%s', async (_name, event, payloads, code) => {
      const visitor = await chat.visit(embed);
      const ack = await visitor.emitRaw(event, ...payloads);
      expect(ack).toMatchObject({ ok: false, problem: { code, type: `urn:customercare:problem:${code}` } });
      expect(JSON.stringify(ack)).not.toMatch(/node_modules|\.ts|select |no-such-event|xxxx/);
      expect((await visitor.sync()).messages).toEqual([]);
      visitor.leave();
    });

    it('and an event without an ack function is carried out in silence', async () => {
      const visitor = await chat.visit(embed);
      visitor.socket.emit('no-such-event', {});
      visitor.socket.emit('message-send', question());
      await until(() => visitor.of('answer-end').length > 0);
      expect(await visitor.history()).toHaveLength(2);
      visitor.leave();
    });
  });
});

describeDatabase('A visitor who says much', (create) => {
  let backbone: SharedBackbone;
  let chat: ChatApp;
  beforeAll(async () => {
    backbone = await ChatApp.backbone(create);
  });
  afterAll(() => backbone.database.close());
  afterEach(() => chat.closeNode());

  it('is warned at 80 % and refused above the limit, over all sockets, and the socket stays', async () => {
    chat = await ChatApp.startNode(backbone, { messagesPerMinute: 5 });
    const embed = await chat.addEmbed();
    const one = await chat.visit(embed);
    const two = await ChatVisitor.connect(chat.url, one.session, SITE);
    const asked = async (visitor: ChatVisitor) => {
      const ack = await visitor.emit('message-send', question());
      if (ack.ok) await visitor.answerTo(ack.data);
      return ack;
    };
    for (const visitor of [one, two, one]) expect((await asked(visitor)).ok).toBe(true);
    expect(two.of('limit-warning')).toEqual([]);
    expect(await one.emitRaw('no-such-event', {})).toMatchObject({ problem: { code: 'event.unknown' } });
    await until(() => two.of('limit-warning').length > 0);
    expect(two.of('limit-warning')).toEqual([{ axis: 'visitor', remaining: 1, resetsAt: expect.any(String) }]);
    expect((await asked(two)).ok).toBe(true);
    expect(await asked(one)).toMatchObject({
      ok: false,
      problem: { code: 'limit.visitor', status: 429, retryAfterSeconds: expect.any(Number) },
    });
    expect(await two.emitRaw('no-such-event', {})).toMatchObject({ problem: { code: 'limit.visitor' } });
    expect(await one.history()).toHaveLength(8);

    const other = await chat.visit(embed);
    expect((await asked(other)).ok).toBe(true);
    for (const visitor of [one, two, other]) visitor.leave();
  });

  it('is told to wait after 300 events in a minute and disconnected after 600', async () => {
    chat = await ChatApp.startNode(backbone);
    const visitor = await chat.visit(await chat.addEmbed());
    const acks = [];
    for (let i = 0; i < 301; i += 1) acks.push(await visitor.emit('conversation-sync', { afterSeq: 0 }));
    expect(acks.filter(({ ok }) => ok)).toHaveLength(300);
    expect(acks.at(-1)).toMatchObject({ problem: { code: 'limit.messages', retryAfterSeconds: expect.any(Number) } });
    for (let i = 0; i < 300; i += 1) visitor.socket.emit('conversation-sync', { afterSeq: 0 });
    await until(() => visitor.socket.disconnected);
    expect(visitor.of('session-closed')).toEqual([{ reason: 'too-many-events' }]);
  });

  it('A21 shares ten sockets with everybody at the same address, and raw connections are limited too', async () => {
    chat = await ChatApp.startNode(backbone, { socketsPerIp: 10 });
    const embed = await chat.addEmbed();
    const tries = await Promise.allSettled(Array.from({ length: 14 }, () => chat.visit(embed)));
    const open = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(open).toHaveLength(10);
    for (const result of tries) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ data: { code: 'limit.connections' } });
    }
    open[0]?.leave();
    await until(async () => (await chat.visit(embed).catch(() => null)) !== null);

    const raw = await Promise.all(
      Array.from({ length: 40 }, () =>
        fetch(`${chat.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: SITE } }),
      ),
    );
    expect(raw.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20);
    expect(raw.filter(({ status }) => status === 403).length).toBeGreaterThanOrEqual(20);
    for (const visitor of open) visitor.leave();
  });
});

describeDatabase('A token', (create) => {
  let chat: ChatApp;
  beforeAll(async () => {
    chat = await ChatApp.start(create, { visitorTtlSeconds: 3 });
  });
  afterAll(() => chat.close());

  it('takes its socket with it when it expires, unless it is renewed with one of the same visitor', async () => {
    const embed = await chat.addEmbed();
    const [left, renewed, stranger] = [await chat.visit(embed), await chat.visit(embed), await chat.visit(embed)];
    const { resumeToken } = renewed.session;
    const fresh = await openTestSession(chat.app, { embedKey: embed.embedKey, origin: SITE, resumeToken });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const later = await openTestSession(chat.app, {
      embedKey: embed.embedKey,
      origin: SITE,
      resumeToken: fresh.resumeToken,
    });
    expect(await stranger.emit('token-renew', { token: later.visitorToken })).toMatchObject({
      ok: false,
      problem: { code: 'visitor.token-invalid' },
    });
    expect(await renewed.emit('token-renew', { token: later.visitorToken })).toEqual({
      ok: true,
      data: { expiresAt: later.expiresAt },
    });
    await until(() => left.socket.disconnected && stranger.socket.disconnected, 4);
    expect(left.of('session-closed')).toEqual([{ reason: 'token-expired' }]);
    expect(renewed.socket.connected).toBe(true);
    expect((await renewed.sync()).messages).toEqual([]);
    await until(() => renewed.socket.disconnected, 4);
  });
});
