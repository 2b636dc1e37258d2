import { describeDatabase } from '@app/database/testing';
import type { EmbedSession } from '@app/chat-protocol';
import { Clock } from '@app/kernel';
import { EmbedReader } from './embed-reader';
import type { CreatedEmbedView, EmbedsPage, EmbedView } from './embeds.dto';
import { EmbedsApp } from './testing/embeds-app';
import { VisitorTokens } from './visitor-tokens';

const SITE = 'https://shop.example.com';

describeDatabase('Embeds', (create) => {
  let embeds: EmbedsApp;
  let workspaceId: string;

  beforeAll(async () => {
    embeds = await EmbedsApp.start(create, {
      LIMIT_REQUESTS_PER_MINUTE: '10000',
      LIMIT_EMBED_SESSIONS_PER_MINUTE: '10000',
    });
    workspaceId = await embeds.addWorkspace();
  });
  afterAll(() => embeds.close());

  const path = (rest = '') => `/workspaces/${workspaceId}/embeds${rest}`;
  const add = async (body: object = {}) => {
    const answer = await embeds.call<CreatedEmbedView>('POST', path(), {
      body: { name: 'Shop', allowedOrigins: [SITE], ...body },
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const open = (embedKey: string, { origin, ...body }: { origin?: string; resumeToken?: string; locale?: string }) =>
    embeds.call<EmbedSession & { code: string; requestId: string }>('POST', '/embed/sessions', {
      body: { embedKey, ...body },
      headers: origin === undefined ? {} : { origin },
    });
  const count = async (table: string) => {
    const [row] = await embeds.database.inspect<{ n: number }>(`select count(*)::int as n from ${table}`);
    return row?.n;
  };
  const visitorOf = ({ visitorToken }: EmbedSession) =>
    embeds.app.get(VisitorTokens).verify(visitorToken, SITE).visitorId;

  describe('managed by an admin', () => {
    it('are created with a key that is shown once and stored as a hash', async () => {
      const { embed, embedKey, snippet } = await add();
      expect(embedKey).toMatch(/^cc_pub_[\w-]{43}$/);
      expect(embed).toMatchObject({ keyLast4: embedKey.slice(-4), isEnabled: true, allowedOrigins: [SITE] });
      expect(snippet).toBe(
        `<script async src="https://chat.example/widget/v1/customercare.js" data-embed-key="${embedKey}"></script>`,
      );
      const view = await embeds.call('GET', path(`/${embed.id}`));
      expect(JSON.stringify(view.body)).not.toContain(embedKey);
      const rows = await embeds.database.inspect('select * from embeds where id = $1', [embed.id]);
      expect(JSON.stringify(rows)).not.toContain(embedKey);
    });

    it('refuse origins that are not in canonical form, naming each', async () => {
      const allowedOrigins = [SITE, 'https://shop.example.com/', '*', 'null', 'http://shop.example.com'];
      const answer = await embeds.call<{ errors: { path: string }[] }>('POST', path(), {
        body: { name: 'Shop', allowedOrigins },
      });
      expect([answer.status, answer.body.errors.map((error) => error.path)]).toEqual([
        400,
        ['allowedOrigins.1', 'allowedOrigins.2', 'allowedOrigins.3', 'allowedOrigins.4'],
      ]);
    });

    it('change only what is given', async () => {
      const { embed } = await add({ title: 'Shop help' });
      const answer = await embeds.call<EmbedView>('PUT', path(`/${embed.id}`), {
        body: { greeting: 'Moin!', starterQuestions: ['Where is my parcel?'] },
      });
      expect(answer.body).toEqual({
        ...embed,
        greeting: 'Moin!',
        starterQuestions: ['Where is my parcel?'],
        updatedAt: answer.body.updatedAt,
      });
    });

    it('are listed newest first, page by page', async () => {
      const other = await embeds.addWorkspace();
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c']) {
        const answer = await embeds.call<CreatedEmbedView>('POST', `/workspaces/${other}/embeds`, { body: { name } });
        ids.unshift(answer.body.embed.id);
      }
      const first = await embeds.call<EmbedsPage>('GET', `/workspaces/${other}/embeds?limit=2`);
      const rest = await embeds.call<EmbedsPage>('GET', `/workspaces/${other}/embeds?cursor=${first.body.nextCursor}`);
      expect([...first.body.items, ...rest.body.items].map(({ id }) => id)).toEqual(ids);
      expect(rest.body.nextCursor).toBeNull();
    });

    it('of another workspace are not found', async () => {
      const { embed } = await add();
      const other = await embeds.addWorkspace();
      for (const [method, rest] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/disable'],
      ] as const) {
        const answer = await embeds.call<{ code: string }>(method, `/workspaces/${other}/embeds/${embed.id}${rest}`);
        expect([answer.status, answer.body.code]).toEqual([404, 'embed.not-found']);
      }
    });

    it('leave a trail of every change', async () => {
      const { embed } = await add();
      for (const [method, rest] of [
        ['PUT', ''],
        ['POST', '/disable'],
        ['POST', '/disable'],
        ['POST', '/enable'],
        ['DELETE', ''],
      ] as const) {
        await embeds.call(method, path(`/${embed.id}${rest}`), {
          body: method === 'PUT' ? { name: 'New' } : undefined,
        });
      }
      const trail = await embeds.database.inspect<{ action: string }>(
        `select action from audit_events where data->>'embedId' = $1 order by id`,
        [embed.id],
      );
      expect(trail.map(({ action }) => action)).toEqual([
        'embed.created',
        'embed.updated',
        'embed.disabled',
        'embed.enabled',
        'embed.deleted',
      ]);
    });
  });

  describe('asked for a session', () => {
    it('give the allowed site one, and nobody else may read it', async () => {
      const { embed, embedKey } = await add({ title: 'Shop help' });
      const answer = await open(embedKey, { origin: SITE, locale: 'de-DE' });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('access-control-allow-origin')).toBe(SITE);
      expect(answer.headers.get('vary')).toBe('Origin');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.body).toEqual({
        visitorToken: expect.any(String),
        expiresAt: expect.any(String),
        resumeToken: expect.stringMatching(/^cc_res_/),
        conversation: null,
        isVerified: false,
        hasConsent: false,
        config: {
          title: 'Shop help',
          greeting: embed.greeting,
          starterQuestions: [],
          aiDisclosure: embed.aiDisclosure,
          disclosureVersion: 1,
          requiresConsent: false,
          accentColor: null,
          onAccentColor: null,
          position: null,
          launcherLabel: null,
          locale: null,
          direction: null,
          maxMessageChars: 4000,
        },
      });
      expect(embeds.app.get(VisitorTokens).verify(answer.body.visitorToken, SITE)).toMatchObject({
        workspaceId,
        embedId: embed.id,
        origin: SITE,
        generation: 1,
      });
    });

    it('answer every wrong key and origin with the same 404 and write nothing', async () => {
      const { embedKey } = await add();
      const disabled = await add();
      await embeds.call('POST', path(`/${disabled.embed.id}/disable`));
      const deleted = await add();
      await embeds.call('DELETE', path(`/${deleted.embed.id}`));
      const before = [await count('visitors'), await count('audit_events')];
      const answers = await Promise.all([
        open(embedKey, { origin: 'https://evil.example' }),
        open(embedKey, { origin: 'https://shop.example.com.evil.example' }),
        open(embedKey, { origin: 'http://shop.example.com' }),
        open(embedKey, { origin: 'null' }),
        open(embedKey, {}),
        open(disabled.embedKey, { origin: SITE }),
        open(deleted.embedKey, { origin: SITE }),
        open(`cc_pub_${'A'.repeat(43)}`, { origin: SITE }),
        open('x', { origin: SITE }),
      ]);
      const seen = answers.map(({ status, headers, body: { requestId, ...body } }) => {
        expect(requestId).toBeTruthy();
        return JSON.stringify([status, body, headers.get('access-control-allow-origin'), headers.get('vary')]);
      });
      expect(new Set(seen).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'embed.not-found' } });
      expect(answers[0]?.headers.get('access-control-allow-origin')).toBeNull();
      expect([await count('visitors'), await count('audit_events')]).toEqual(before);
    });

    it('answer a preflight alike for every site, without credentials', async () => {
      for (const origin of [SITE, 'https://evil.example']) {
        const answer = await embeds.call('OPTIONS', '/embed/sessions', {
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        });
        expect(answer.status).toBe(204);
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
        expect(answer.headers.get('access-control-allow-methods')).toBe('POST');
        expect(answer.headers.get('access-control-allow-headers')).toBe('content-type');
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
        expect(answer.headers.get('vary')).toBe('Origin');
      }
      const nobody = await embeds.call('OPTIONS', '/embed/sessions', { headers: { origin: 'null' } });
      expect(nobody.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('let a page read why its request was malformed, and take no big bodies', async () => {
      const malformed = await embeds.call('POST', '/embed/sessions', { body: {}, headers: { origin: SITE } });
      expect([malformed.status, malformed.headers.get('access-control-allow-origin')]).toEqual([400, SITE]);
      const big = await open('x'.repeat(12_000), { origin: SITE });
      expect([big.status, big.body.code]).toEqual([413, 'request.too-large']);
    });

    it('continue with the same visitor for a good resume token, once', async () => {
      const { embedKey } = await add();
      const first = (await open(embedKey, { origin: SITE })).body;
      const second = (await open(embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      expect(visitorOf(second)).toBe(visitorOf(first));
      expect(second.resumeToken).not.toBe(first.resumeToken);
      const third = (await open(embedKey, { origin: SITE, resumeToken: second.resumeToken })).body;
      expect(visitorOf(third)).toBe(visitorOf(first));
      const rows = await embeds.database.inspect<{ token_hash: Buffer }>('select token_hash from resume_tokens');
      expect(rows.some(({ token_hash }) => token_hash.toString().includes('cc_res_'))).toBe(false);
    });

    it('continue for tabs that load at the same moment with the same token', async () => {
      const { embedKey } = await add();
      const first = (await open(embedKey, { origin: SITE })).body;
      const tabs = await Promise.all(
        [1, 2, 3, 4].map(() => open(embedKey, { origin: SITE, resumeToken: first.resumeToken })),
      );
      expect(new Set(tabs.map(({ body }) => visitorOf(body)))).toEqual(new Set([visitorOf(first)]));
    });

    it('start afresh for an unknown token and for one of another embed', async () => {
      const [one, two] = [await add(), await add()];
      const first = (await open(one.embedKey, { origin: SITE })).body;
      const foreign = (await open(two.embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      expect(visitorOf(foreign)).not.toBe(visitorOf(first));
      const unknown = (await open(one.embedKey, { origin: SITE, resumeToken: `cc_res_${'A'.repeat(43)}` })).body;
      expect(visitorOf(unknown)).not.toBe(visitorOf(first));
      const own = (await open(one.embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      expect(visitorOf(own)).toBe(visitorOf(first));
    });

    it('end the whole chain when a token is used again later: somebody has a copy', async () => {
      const { embed, embedKey } = await add();
      const first = (await open(embedKey, { origin: SITE })).body;
      const second = (await open(embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      await embeds.database.inspect(`update resume_tokens set used_at = used_at - interval '31 seconds'`);
      const replay = (await open(embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      expect(visitorOf(replay)).not.toBe(visitorOf(first));
      const successor = (await open(embedKey, { origin: SITE, resumeToken: second.resumeToken })).body;
      expect(visitorOf(successor)).not.toBe(visitorOf(first));
      const trail = await embeds.database.inspect(
        `select actor_id from audit_events where action = 'visitor-session.reuse-detected' and data->>'embedId' = $1`,
        [embed.id],
      );
      expect(trail).toEqual([{ actor_id: visitorOf(first) }]);
    });

    it('end the chain thirty days after the first session, however often it was renewed', async () => {
      const { embedKey } = await add();
      const first = (await open(embedKey, { origin: SITE })).body;
      const [issued] = await embeds.database.inspect<{ expires_at: Date }>(
        'select expires_at from resume_tokens where visitor_id = $1',
        [visitorOf(first)],
      );
      const days = ((issued?.expires_at.getTime() ?? 0) - embeds.app.get(Clock).now().getTime()) / 86_400_000;
      expect(days).toBeGreaterThan(29.9);
      expect(days).toBeLessThanOrEqual(30);
      await embeds.database.inspect(
        `update resume_tokens set expires_at = now() + interval '1 hour' where visitor_id = $1`,
        [visitorOf(first)],
      );
      const second = (await open(embedKey, { origin: SITE, resumeToken: first.resumeToken })).body;
      const [longest] = await embeds.database.inspect<{ isLong: boolean }>(
        `select max(expires_at) > now() + interval '61 minutes' as "isLong" from resume_tokens where visitor_id = $1`,
        [visitorOf(first)],
      );
      expect(longest?.isLong).toBe(false);
      await embeds.database.inspect(`update resume_tokens set expires_at = $2 where visitor_id = $1`, [
        visitorOf(first),
        embeds.clock.now(),
      ]);
      const late = (await open(embedKey, { origin: SITE, resumeToken: second.resumeToken })).body;
      expect(visitorOf(late)).not.toBe(visitorOf(first));
    });
  });

  it('tell their readers of each change at once, and tokens of before a disable stay dead', async () => {
    const { embed, embedKey } = await add();
    const reader = embeds.app.get(EmbedReader);
    const claims = embeds.app
      .get(VisitorTokens)
      .verify((await open(embedKey, { origin: SITE })).body.visitorToken, SITE);
    expect(await reader.isLive(claims)).toBe(true);
    const changed = async (method: string, rest: string, body?: object) => {
      const heard = new Promise<void>((resolve) => {
        const stop = reader.onChange(({ embedId }) => {
          if (embedId !== embed.id) return;
          stop();
          resolve();
        });
      });
      await embeds.call(method, path(`/${embed.id}${rest}`), { body });
      await heard;
      return reader.isLive(claims);
    };
    expect(await changed('PUT', '', { name: 'Other' })).toBe(true);
    expect(await changed('PUT', '', { allowedOrigins: ['https://other.example'] })).toBe(false);
    expect(await changed('PUT', '', { allowedOrigins: [SITE] })).toBe(true);
    expect(await changed('POST', '/disable')).toBe(false);
    expect(await changed('POST', '/enable')).toBe(false);
    const fresh = (await open(embedKey, { origin: SITE })).body;
    expect(await reader.isLive(embeds.app.get(VisitorTokens).verify(fresh.visitorToken, SITE))).toBe(true);
    expect(await changed('DELETE', '')).toBe(false);
  });
});

describeDatabase('New sessions', (create) => {
  it('are limited per address, and the page can read when to try again', async () => {
    const embeds = await EmbedsApp.start(create, { LIMIT_EMBED_SESSIONS_PER_MINUTE: '2' });
    const body = { embedKey: 'cc_pub_unknown' };
    const open = () => embeds.call('POST', '/embed/sessions', { body, headers: { origin: SITE } });
    expect([(await open()).status, (await open()).status]).toEqual([404, 404]);
    const third = await open();
    expect(third).toMatchObject({ status: 429, body: { code: 'limit.requests' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(third.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(third.headers.get('access-control-expose-headers')).toBe('Retry-After');
    await embeds.close();
  });
});
