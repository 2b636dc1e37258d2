import { createHmac } from 'node:crypto';
import { KeyValueStore } from '@app/cache';
import type { EmbedSession } from '@app/chat-protocol';
import { describeDatabase } from '@app/database/testing';
import { newId, systemContext } from '@app/kernel';
import { Disclosures } from './disclosure/disclosures';
import type { DisclosuresPage } from './disclosure/disclosures.dto';
import { EmbedReader } from './embed-reader';
import type { CreatedEmbedView, EmbedView } from './embeds.dto';
import type { CreatedIdentitySecretView, IdentitySecretsView } from './identity/identity-secrets.dto';
import { VerifiedVisitors } from './identity/verified-visitors';
import { EmbedsApp, type HttpAnswer } from './testing/embeds-app';
import { VisitorTokens } from './visitor-tokens';

const SITE = 'https://shop.example.com';

interface Problem {
  code: string;
  detail: string;
}

describeDatabase('Visitors with a name', (create) => {
  let embeds: EmbedsApp;
  let workspaceId: string;

  beforeAll(async () => {
    embeds = await EmbedsApp.start(create, { LIMIT_EMBED_SESSIONS_PER_MINUTE: '1000' });
    workspaceId = await embeds.addWorkspace();
  });
  afterAll(() => embeds.close());

  const call = <T>(method: string, rest: string, body?: unknown): Promise<HttpAnswer<T>> =>
    embeds.call<T>(method, `/workspaces/${workspaceId}/embeds${rest}`, { body });
  const add = async (input: object = {}) => {
    const { body } = await call<CreatedEmbedView>('POST', '', { name: 'Shop', allowedOrigins: [SITE], ...input });
    return { id: body.embed.id, embedKey: body.embedKey };
  };
  const makeSecret = async (id: string): Promise<CreatedIdentitySecretView> =>
    (await call<CreatedIdentitySecretView>('POST', `/${id}/identity-secrets`)).body;
  const addWithSecret = async (input: object = {}) => {
    const embed = await add(input);
    return { ...embed, secret: (await makeSecret(embed.id)).secret };
  };
  /** As a customer's server makes it. */
  const tokenFor = ({ id, secret }: { id: string; secret: string }, claims: object = {}): string => {
    const iat = Math.floor(embeds.clock.now().getTime() / 1000);
    const payload = { sub: 'user-1', aud: id, jti: newId(), iat, exp: iat + 300, ...claims };
    const text = [{ alg: 'HS256', typ: 'JWT' }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const open = (embedKey: string, body: object = {}) =>
    embeds.call<EmbedSession & Problem>('POST', '/embed/sessions', {
      body: { embedKey, ...body },
      headers: { origin: SITE },
    });
  const visitorOf = ({ body }: HttpAnswer<EmbedSession>) =>
    embeds.app.get(VisitorTokens).verify(body.visitorToken, SITE).visitorId;

  describe('whom the site’s server vouches for', () => {
    it('are known again on every machine, and lie sealed', async () => {
      const embed = await addWithSecret();
      const first = await open(embed.embedKey, {
        identityToken: tokenFor(embed, { name: 'Ada', email: 'a@example.com' }),
      });
      expect([first.status, first.body.isVerified]).toEqual([201, true]);
      const second = await open(embed.embedKey, { identityToken: tokenFor(embed, { name: 'Ada L.' }) });
      expect(visitorOf(second)).toBe(visitorOf(first));
      const other = await open(embed.embedKey, { identityToken: tokenFor(embed, { sub: 'user-2' }) });
      expect(visitorOf(other)).not.toBe(visitorOf(first));
      const known = await embeds.app.get(VerifiedVisitors).identityOf(systemContext(workspaceId), visitorOf(first));
      expect(known).toEqual({ externalId: 'user-1', name: 'Ada L.', email: null });
      const [row] = await embeds.database.inspect<{ identity: string }>('select * from visitors where id = $1', [
        visitorOf(first),
      ]);
      expect(row?.identity).toMatch(/^v1\./);
      expect(JSON.stringify(row)).not.toMatch(/Ada|user-1/);
      const claims = Buffer.from(first.body.visitorToken.split('.')[1] ?? '', 'base64url').toString();
      expect(claims).not.toMatch(/Ada|user-1|example\.com"?@/);
    });

    it('are one visitor when their first sessions open at once, and another one at another embed', async () => {
      const [embed, elsewhere] = [await addWithSecret(), await addWithSecret()];
      const tabs = await Promise.all(
        [1, 2, 3, 4].map(() => open(embed.embedKey, { identityToken: tokenFor(embed, { sub: 'busy' }) })),
      );
      const ids = new Set(tabs.map(visitorOf));
      expect(ids.size).toBe(1);
      const there = await open(elsewhere.embedKey, { identityToken: tokenFor(elsewhere, { sub: 'busy' }) });
      expect(ids.has(visitorOf(there))).toBe(false);
    });

    it('are never merged with what somebody else began', async () => {
      const embed = await addWithSecret();
      const anonymous = await open(embed.embedKey);
      const { resumeToken } = anonymous.body;
      const named = await open(embed.embedKey, { resumeToken, identityToken: tokenFor(embed) });
      expect(visitorOf(named)).not.toBe(visitorOf(anonymous));
      expect(named.body.conversation).toBeNull();
      const next = await open(embed.embedKey, {
        resumeToken: named.body.resumeToken,
        identityToken: tokenFor(embed, { sub: 'user-2' }),
      });
      expect(visitorOf(next)).not.toBe(visitorOf(named));
      // What was anonymous is still there for whoever has its token.
      expect(visitorOf(await open(embed.embedKey, { resumeToken }))).toBe(visitorOf(anonymous));
    });

    it('stay verified while the session is renewed, for twelve hours', async () => {
      const embed = await addWithSecret();
      const named = await open(embed.embedKey, { identityToken: tokenFor(embed) });
      const visitorId = visitorOf(named);
      embeds.clock.advance(11 * 3600);
      const renewed = await open(embed.embedKey, { resumeToken: named.body.resumeToken });
      expect([visitorOf(renewed), renewed.body.isVerified]).toEqual([visitorId, true]);
      embeds.clock.advance(2 * 3600);
      const late = await open(embed.embedKey, { resumeToken: renewed.body.resumeToken });
      expect([visitorOf(late) === visitorId, late.body.isVerified]).toEqual([false, false]);
    });

    it('open nothing with a token that is wrong: the session is refused, and the page may read why', async () => {
      const embed = await addWithSecret();
      const other = await addWithSecret();
      const before = await embeds.database.inspect('select id from visitors');
      const wrong: [string, string][] = [
        [tokenFor({ ...embed, secret: other.secret }), 'signature'],
        [tokenFor({ ...other, secret: embed.secret }), 'aud'],
        [tokenFor(embed, { exp: 1 }), 'expired'],
        [tokenFor(embed, { jti: undefined }), 'jti'],
        ['not.a.token', 'signature'],
      ];
      for (const [identityToken, reason] of wrong) {
        const answer = await open(embed.embedKey, { identityToken });
        expect([answer.status, answer.body.code]).toEqual([401, 'visitor.identity-invalid']);
        expect(answer.body.detail).toContain(reason);
        expect(answer.headers.get('access-control-allow-origin')).toBe(SITE);
      }
      expect(await embeds.database.inspect('select id from visitors')).toEqual(before);
      expect((await open(embed.embedKey, { identityToken: 'x'.repeat(4097) })).status).toBe(400);
    });

    it('open one session with a token, not two: one after the other, at once, and after the store was emptied', async () => {
      const embed = await addWithSecret();
      const token = tokenFor(embed);
      expect((await open(embed.embedKey, { identityToken: token })).status).toBe(201);
      const replay = await open(embed.embedKey, { identityToken: token });
      expect([replay.status, replay.body.detail]).toEqual([401, 'the token was used before']);
      const store = embeds.app.get(KeyValueStore);
      const away = jest.spyOn(store, 'increment').mockRejectedValue(new Error('away'));
      // Limits ask the same store and go on counting by themselves.
      const again = await open(embed.embedKey, { identityToken: token });
      expect([again.status, again.body.detail]).toEqual([401, 'the token was used before']);
      const second = tokenFor(embed);
      const race = await Promise.all([1, 2, 3, 4].map(() => open(embed.embedKey, { identityToken: second })));
      away.mockRestore();
      expect(race.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);
    });

    it('leave no used token behind longer than it could be replayed', async () => {
      const embed = await addWithSecret();
      const count = async () =>
        (await embeds.database.inspect('select 1 from identity_token_uses where embed_id = $1', [embed.id])).length;
      await open(embed.embedKey, { identityToken: tokenFor(embed) });
      await open(embed.embedKey, { identityToken: tokenFor(embed) });
      expect(await count()).toBe(2);
      embeds.clock.advance(300 + 30 + 61);
      await open(embed.embedKey, { identityToken: tokenFor(embed) });
      expect(await count()).toBe(1);
    });
  });

  describe('where only they are let in', () => {
    it('get a session, and nobody else does', async () => {
      const embed = await addWithSecret({ identityRequired: true });
      const refused = await open(embed.embedKey);
      expect([refused.status, refused.body.code]).toEqual([403, 'visitor.identity-required']);
      expect(refused.headers.get('access-control-allow-origin')).toBe(SITE);
      const named = await open(embed.embedKey, { identityToken: tokenFor(embed) });
      expect(named.status).toBe(201);
      expect((await open(embed.embedKey, { resumeToken: named.body.resumeToken })).status).toBe(201);
      await call('PUT', `/${embed.id}`, { identityRequired: false });
      const anonymous = await open(embed.embedKey);
      await call('PUT', `/${embed.id}`, { identityRequired: true });
      expect((await open(embed.embedKey, { resumeToken: anonymous.body.resumeToken })).status).toBe(403);
    });
  });

  describe('and the secrets of their sites', () => {
    it('are two at most, shown once, sealed, and good until they are revoked', async () => {
      const embed = await add();
      const [old, current] = [await makeSecret(embed.id), await makeSecret(embed.id)];
      expect(old.secret).toMatch(/^cc_ids_[\w-]{43}$/);
      const third = await call<Problem>('POST', `/${embed.id}/identity-secrets`);
      expect([third.status, third.body.code]).toEqual([409, 'identity-secret.too-many']);
      const list = await call<IdentitySecretsView>('GET', `/${embed.id}/identity-secrets`);
      expect(list.body.items.map(({ id }) => id)).toEqual([current.id, old.id]);
      const rows = await embeds.database.inspect<{ secret: string }>('select * from embed_identity_secrets');
      expect(rows.every(({ secret }) => secret.startsWith('v1.'))).toBe(true);
      expect(JSON.stringify([rows, list.body])).not.toContain(old.secret.slice(0, 40));
      const opened = async (secret: string) =>
        (await open(embed.embedKey, { identityToken: tokenFor({ ...embed, secret }) })).status;
      expect([await opened(old.secret), await opened(current.secret)]).toEqual([201, 201]);
      expect((await call('DELETE', `/${embed.id}/identity-secrets/${old.id}`)).status).toBe(204);
      expect([await opened(old.secret), await opened(current.secret)]).toEqual([401, 201]);
      const gone = await call<Problem>('DELETE', `/${embed.id}/identity-secrets/${old.id}`);
      expect([gone.status, gone.body.code]).toEqual([404, 'identity-secret.not-found']);
    });

    it('are rotated: the newest stays beside the new one, an older one ends', async () => {
      const embed = await add();
      const made = [await makeSecret(embed.id), await makeSecret(embed.id)];
      const { body } = await call<CreatedIdentitySecretView>('POST', `/${embed.id}/identity-secrets/rotate`);
      const { items } = (await call<IdentitySecretsView>('GET', `/${embed.id}/identity-secrets`)).body;
      expect(items.map(({ id }) => id)).toEqual([body.id, made[1]?.id]);
    });
  });

  describe('and what they are told about the assistant', () => {
    const log = async (id: string, query = '') =>
      (await call<DisclosuresPage>('GET', `/${id}/disclosures${query}`)).body;

    it('is logged with its version, once for each visitor, when it is shown and when it is accepted', async () => {
      const embed = await add({ requiresConsent: true, aiDisclosure: 'A machine answers.' });
      const first = await open(embed.embedKey);
      expect(first.body).toMatchObject({ hasConsent: false, config: { requiresConsent: true, disclosureVersion: 1 } });
      const accepted = await open(embed.embedKey, {
        resumeToken: first.body.resumeToken,
        acceptedDisclosureVersion: 1,
      });
      expect(accepted.body.hasConsent).toBe(true);
      const again = await open(embed.embedKey, {
        resumeToken: accepted.body.resumeToken,
        acceptedDisclosureVersion: 1,
      });
      expect(again.body.hasConsent).toBe(true);
      const { items } = await log(embed.id);
      const visitorId = visitorOf(first);
      expect(items.map(({ kind, version, visitorId: of }) => [kind, version, of])).toEqual([
        ['accepted', 1, visitorId],
        ['shown', 1, visitorId],
      ]);
      expect(items[0]?.textHash).toMatch(/^[0-9a-f]{64}$/);
      await open(embed.embedKey);
      expect((await log(embed.id, `?visitorId=${visitorId}`)).items).toHaveLength(2);
      const page = await log(embed.id, '?limit=2');
      const rest = await log(embed.id, `?cursor=${page.nextCursor}`);
      expect([page.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
    });

    it('must be accepted anew when it says something else', async () => {
      const embed = await add({ requiresConsent: true });
      const put = async (input: object) => (await call<EmbedView>('PUT', `/${embed.id}`, input)).body.disclosureVersion;
      const first = await open(embed.embedKey, { acceptedDisclosureVersion: 1 });
      expect(first.body.hasConsent).toBe(true);
      expect(await put({ title: 'Other' })).toBe(1);
      expect(await put({ aiDisclosure: 'Still a machine.' })).toBe(2);
      expect(await put({ aiDisclosure: 'Still a machine.' })).toBe(2);
      const second = await open(embed.embedKey, { resumeToken: first.body.resumeToken, acceptedDisclosureVersion: 1 });
      expect(second.body).toMatchObject({ hasConsent: false, config: { disclosureVersion: 2 } });
      const third = await open(embed.embedKey, { resumeToken: second.body.resumeToken, acceptedDisclosureVersion: 2 });
      expect(third.body.hasConsent).toBe(true);
      const texts = new Set((await log(embed.id)).items.map(({ textHash }) => textHash));
      expect(texts.size).toBe(2);
    });

    it('is asked about before a message is taken, where the embed wants that', async () => {
      const [strict, lax] = [await add({ requiresConsent: true }), await add()];
      const ctx = systemContext(workspaceId);
      const has = async (id: string, session: HttpAnswer<EmbedSession>) => {
        const embed = await embeds.app.get(EmbedReader).findActive(workspaceId, id);
        if (!embed) throw new Error('the embed is open');
        return embeds.app.get(Disclosures).hasConsent(ctx, visitorOf(session), embed);
      };
      const before = await open(strict.embedKey);
      expect(await has(strict.id, before)).toBe(false);
      expect(await has(lax.id, await open(lax.embedKey))).toBe(true);
      await open(strict.embedKey, { resumeToken: before.body.resumeToken, acceptedDisclosureVersion: 1 });
      expect(await has(strict.id, before)).toBe(true);
    });
  });
});
