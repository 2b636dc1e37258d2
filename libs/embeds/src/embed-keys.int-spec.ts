import type { EmbedSession } from '@app/chat-protocol';
import { describeDatabase } from '@app/database/testing';
import type { Logger } from 'typeorm';
import { EmbedReader } from './embed-reader';
import type { CreatedEmbedView, EmbedView, KilledEmbedsView } from './embeds.dto';
import type { EmbedKeysPage, RotatedEmbedKeyView } from './keys/embed-keys.dto';
import { EmbedsApp, type HttpAnswer } from './testing/embeds-app';
import { VisitorTokens } from './visitor-tokens';

const SITE = 'https://shop.example.com';

describeDatabase('Keys of an embed', (create) => {
  let embeds: EmbedsApp;
  let workspaceId: string;

  beforeAll(async () => {
    embeds = await EmbedsApp.start(create, { LIMIT_EMBED_SESSIONS_PER_MINUTE: '1000' });
    workspaceId = await embeds.addWorkspace();
  });
  afterAll(() => embeds.close());

  const path = (rest = '') => `/workspaces/${workspaceId}/embeds${rest}`;
  const post = <T>(rest: string, body?: object): Promise<HttpAnswer<T>> => embeds.call<T>('POST', path(rest), { body });
  const add = async (input: object = {}): Promise<CreatedEmbedView> =>
    (await post<CreatedEmbedView>('', { name: 'Shop', allowedOrigins: [SITE], ...input })).body;
  const rotate = async (id: string, overlapSeconds?: number): Promise<RotatedEmbedKeyView> =>
    (await post<RotatedEmbedKeyView>(`/${id}/keys/rotate`, { overlapSeconds })).body;
  const keysOf = async (id: string) => (await embeds.call<EmbedKeysPage>('GET', path(`/${id}/keys`))).body.items;
  const open = (embedKey: string, { origin = SITE, ...rest }: { origin?: string; pageUrl?: string } = {}) =>
    embeds.call<EmbedSession & { code: string }>('POST', '/embed/sessions', {
      body: { embedKey, ...rest },
      headers: { origin },
    });
  const claimsOf = ({ body }: HttpAnswer<EmbedSession>) =>
    embeds.app.get(VisitorTokens).verify(body.visitorToken, SITE);
  const soon = (seconds: number) => new Date(embeds.clock.now().getTime() + seconds * 1000).toISOString();

  describe('that are rotated', () => {
    it('W10 go on working for the overlap, and then answer like unknown ones', async () => {
      const { embed, embedKey } = await add();
      const { key, embedKey: next, snippet } = await rotate(embed.id);
      expect(next).toMatch(/^cc_pub_[\w-]{43}$/);
      expect([key.last4, key.isCurrent, snippet.includes(next)]).toEqual([next.slice(-4), true, true]);
      expect([(await open(embedKey)).status, (await open(next)).status]).toEqual([201, 201]);
      embeds.clock.advance(7 * 86_400 - 60);
      const late = await open(embedKey);
      expect(late.status).toBe(201);
      embeds.clock.advance(61);
      expect((await open(embedKey)).body.code).toBe('embed.not-found');
      expect((await open(next)).status).toBe(201);
      expect(await embeds.app.get(EmbedReader).isLive(claimsOf(late))).toBe(false);
    });

    it('end at once with an overlap of nothing, and with them what was opened with them', async () => {
      const { embed, embedKey } = await add();
      const old = claimsOf(await open(embedKey));
      const { embedKey: next } = await rotate(embed.id, 0);
      expect((await open(embedKey)).status).toBe(404);
      expect(await embeds.app.get(EmbedReader).areLive([old, claimsOf(await open(next))])).toEqual([false, true]);
    });

    it.each([-1, 2_592_001, 1.5, '7', null])('refuse an overlap of %p', async (overlapSeconds) => {
      const { embed } = await add();
      expect((await post(`/${embed.id}/keys/rotate`, { overlapSeconds })).status).toBe(400);
    });

    it('are reported with when and where each was last seen, and how often', async () => {
      const { embed, embedKey } = await add({ allowedOrigins: [SITE, 'https://help.example.com'] });
      const { embedKey: next } = await rotate(embed.id);
      await open(embedKey, { pageUrl: `${SITE}/private?token=secret` });
      await open(embedKey, { origin: 'https://help.example.com', pageUrl: 'https://help.example.com/faq' });
      await open(next, { pageUrl: 'not a page' });
      const [current, old] = await keysOf(embed.id);
      expect(current).toMatchObject({
        isCurrent: true,
        expiresAt: null,
        lastOrigin: SITE,
        lastPageHost: null,
        sessionCount: 1,
      });
      expect(old).toMatchObject({
        last4: embedKey.slice(-4),
        isCurrent: false,
        lastOrigin: 'https://help.example.com',
        lastPageHost: 'help.example.com',
        lastUsedAt: embeds.clock.now().toISOString(),
        sessionCount: 2,
      });
      expect(JSON.stringify(await embeds.database.inspect('select * from embed_keys'))).not.toMatch(/private|secret/);
    });

    it('are ten at most that still work, and those that ended long ago are forgotten', async () => {
      const { embed } = await add();
      for (let turn = 0; turn < 9; turn += 1) await rotate(embed.id);
      const refused = await post<{ code: string }>(`/${embed.id}/keys/rotate`, {});
      expect([refused.status, refused.body.code]).toEqual([409, 'embed-key.too-many']);
      embeds.clock.advance(8 * 86_400);
      await rotate(embed.id);
      expect(await keysOf(embed.id)).toHaveLength(11);
      embeds.clock.advance(91 * 86_400);
      await rotate(embed.id);
      expect(await keysOf(embed.id)).toHaveLength(3);
    });

    it('leave one current key when two admins rotate at once', async () => {
      const { embed } = await add();
      await Promise.all([rotate(embed.id), rotate(embed.id), rotate(embed.id)]);
      const keys = await keysOf(embed.id);
      // Ids are made before the rows are locked, so the last of three at once need not have the highest.
      expect(keys).toHaveLength(4);
      expect(keys.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    });
  });

  describe('that are revoked', () => {
    const revoke = (id: string, keyId: string, workspace = workspaceId) =>
      embeds.call<{ code: string }>('DELETE', `/workspaces/${workspace}/embeds/${id}/keys/${keyId}`);

    it('end before their overlap does, once, and never the current one', async () => {
      const { embed, embedKey } = await add();
      await rotate(embed.id);
      const [current, old] = await keysOf(embed.id);
      const before = claimsOf(await open(embedKey));
      expect((await revoke(embed.id, current?.id ?? '')).body.code).toBe('embed-key.current');
      expect((await revoke(embed.id, old?.id ?? '')).status).toBe(204);
      expect((await revoke(embed.id, old?.id ?? '')).status).toBe(204);
      expect((await open(embedKey)).status).toBe(404);
      expect(await embeds.app.get(EmbedReader).isLive(before)).toBe(false);
    });

    it('are found only at their own embed', async () => {
      const [one, two] = [await add(), await add()];
      await rotate(one.embed.id);
      const old = (await keysOf(one.embed.id))[1]?.id ?? '';
      expect((await revoke(two.embed.id, old)).body.code).toBe('embed-key.not-found');
      expect((await revoke(one.embed.id, old, await embeds.addWorkspace())).body.code).toBe('embed.not-found');
    });
  });

  describe('of an embed with an end', () => {
    it('A12 answer like unknown ones from then on, and its tokens are dead', async () => {
      const { embed, embedKey } = await add({ expiresAt: soon(2) });
      const claims = claimsOf(await open(embedKey));
      const reader = embeds.app.get(EmbedReader);
      expect(await reader.isLive(claims)).toBe(true);
      embeds.clock.advance(2);
      expect((await open(embedKey)).body.code).toBe('embed.not-found');
      expect([await reader.isLive(claims), await reader.findActive(workspaceId, embed.id)]).toEqual([false, null]);
    });

    it('A12 W06 and those who wait for a change hear of the end, though nobody changed anything', async () => {
      const { embed, embedKey } = await add({ expiresAt: soon(30) });
      const reader = embeds.app.get(EmbedReader);
      await reader.isLive(claimsOf(await open(embedKey)));
      const heard = new Promise<void>((resolve) => {
        reader.onChange(({ embedId }) => embedId === embed.id && resolve());
      });
      embeds.clock.advance(31);
      await heard;
    });

    it('are back when the end is put off or taken away, but no end lies in the past', async () => {
      const { embed, embedKey } = await add({ expiresAt: soon(10) });
      embeds.clock.advance(11);
      const put = (expiresAt: unknown) => embeds.call<EmbedView>('PUT', path(`/${embed.id}`), { body: { expiresAt } });
      expect((await put(soon(-5))).status).toBe(400);
      expect((await put(embed.expiresAt)).status).toBe(200); // as it was
      expect((await put(soon(60))).status).toBe(200);
      expect((await open(embedKey)).status).toBe(201);
      expect((await put(null)).body.expiresAt).toBeNull();
      for (const wrong of ['tomorrow', '2026-13-01T00:00:00Z', '2026-01-01', 5])
        expect((await put(wrong)).status).toBe(400);
    });
  });

  it('W10 A08 cost a stranger the same work whatever is wrong with them', async () => {
    const [good, disabled, expired, rotated] = [
      await add(),
      await add(),
      await add({ expiresAt: soon(5) }),
      await add(),
    ];
    await post(`/${disabled.embed.id}/disable`);
    await rotate(rotated.embed.id, 0);
    embeds.clock.advance(6);
    const suspended = await embeds.addWorkspace();
    const theirs = await embeds.call<CreatedEmbedView>('POST', `/workspaces/${suspended}/embeds`, {
      body: { name: 'Theirs', allowedOrigins: [SITE] },
    });
    await embeds.database.inspect('update workspaces set suspended_at = now() where id = $1', [suspended]);
    const wrong: Record<string, () => Promise<HttpAnswer<object>>> = {
      unknown: () => open(`cc_pub_${'A'.repeat(43)}`),
      'no key at all': () => open('x'),
      'wrong origin': () => open(good.embedKey, { origin: 'https://evil.example' }),
      'no origin': () => embeds.call('POST', '/embed/sessions', { body: { embedKey: good.embedKey } }),
      'null origin': () => open(good.embedKey, { origin: 'null' }),
      disabled: () => open(disabled.embedKey),
      expired: () => open(expired.embedKey),
      'rotated out': () => open(rotated.embedKey),
      suspended: () => open(theirs.body.embedKey),
    };
    const { dataSource } = embeds.database;
    const logger = dataSource.logger;
    const seen = new Set<string>();
    for (const [what, ask] of Object.entries(wrong)) {
      const queries: string[] = [];
      dataSource.logger = { ...silent, logQuery: (sql) => void queries.push(sql) };
      const { status, headers, body } = await ask();
      dataSource.logger = logger;
      const { requestId, ...told } = body as Record<string, unknown>;
      expect([what, status, requestId]).toEqual([what, 404, expect.any(String)]);
      const names = [...headers.keys()].filter((name) => !/^(date|x-request-id|ratelimit|x-ratelimit)/.test(name));
      const answer = names.map((name) => [name, headers.get(name)]);
      seen.add(JSON.stringify([queries, told, answer]));
      expect(queries).toHaveLength(1);
    }
    expect([...seen]).toHaveLength(1);
  });

  describe('and the kill switch', () => {
    it('ends every token of the embed at once, and new sessions open', async () => {
      const { embed, embedKey } = await add();
      const other = await add();
      const reader = embeds.app.get(EmbedReader);
      const [mine, theirs] = [claimsOf(await open(embedKey)), claimsOf(await open(other.embedKey))];
      expect((await post(`/${embed.id}/kill`)).status).toBe(200);
      expect(await reader.areLive([mine, theirs])).toEqual([false, true]);
      expect(await reader.isLive(claimsOf(await open(embedKey)))).toBe(true);
    });

    it('ends those of all embeds of the workspace, and of no other', async () => {
      const elsewhere = await embeds.addWorkspace();
      const { body } = await embeds.call<CreatedEmbedView>('POST', `/workspaces/${elsewhere}/embeds`, {
        body: { name: 'Else', allowedOrigins: [SITE] },
      });
      const [one, two] = [await add(), await add()];
      const claims = [];
      for (const { embedKey } of [one, two, body]) claims.push(claimsOf(await open(embedKey)));
      const reader = embeds.app.get(EmbedReader);
      expect(await reader.areLive(claims)).toEqual([true, true, true]);
      const killed = await post<KilledEmbedsView>('/kill');
      expect(killed.body.count).toBeGreaterThan(2);
      expect(await reader.areLive(claims)).toEqual([false, false, true]);
      const trail = await embeds.database.inspect<{ data: unknown }>(
        `select data from audit_events where action = 'embed.killed' and data ->> 'all' = 'true'`,
      );
      expect(trail).toEqual([{ data: { all: true, count: killed.body.count } }]);
    });
  });

  it('asks the database once a workspace for all its embeds, and not again within the second', async () => {
    const claims = [];
    for (let turn = 0; turn < 3; turn += 1) claims.push(claimsOf(await open((await add()).embedKey)));
    embeds.clock.advance(2);
    const { dataSource } = embeds.database;
    const logger = dataSource.logger;
    const queries: string[] = [];
    dataSource.logger = { ...silent, logQuery: (sql) => void (sql.includes('from embeds') && queries.push(sql)) };
    const reader = embeds.app.get(EmbedReader);
    expect(await reader.areLive([...claims, ...claims])).toEqual([true, true, true, true, true, true]);
    await reader.areLive(claims);
    dataSource.logger = logger;
    expect(queries).toHaveLength(1);
    expect(await reader.areLive([])).toEqual([]);
  });

  it('and an admin who changes what another changed meanwhile is told so', async () => {
    const { embed } = await add();
    const read = await embeds.call('GET', path(`/${embed.id}`));
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const put = (name: string, ifMatch: string) =>
      embeds.call<{ code: string }>('PUT', path(`/${embed.id}`), { body: { name }, headers: { 'if-match': ifMatch } });
    embeds.clock.advance(1);
    const first = await put('First', etag);
    expect([first.status, first.headers.get('etag') === etag]).toEqual([200, false]);
    expect((await put('Second', etag)).body.code).toBe('request.precondition-failed');
    expect((await put('Third', first.headers.get('etag') ?? '')).status).toBe(200);
    expect((await put('Fourth', '*')).status).toBe(200);
  });
});

const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
