import { createHmac, randomUUID } from 'node:crypto';
import type { EmbedSession } from '@app/chat-protocol';
import { Admin, type Answer, call } from './support/admin';
import { findStored, readEverythingStored } from './support/at-rest';
import { describeInBrowser } from './support/browser';
import { Shop } from './support/shop';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://shop.example.com';
const TITLE = 'Fern';

interface Problem {
  code: string;
  detail?: string;
}
interface Site {
  id: string;
  embedKey: string;
  secret: string;
}

/** As the page of docs/widget.md says: a JWT, made on the customer's server. */
function vouch({ id, secret }: Pick<Site, 'id' | 'secret'>, claims: object): string {
  const iat = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { aud: id, jti: randomUUID(), iat, exp: iat + 300, ...claims },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

describeServerStack('A site vouches for its user', (start) => {
  let stack: Stack;
  let owner: Admin;
  let site: Site;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
    owner = await Admin.register(stack.url);
    await owner.uploadAndIndex(
      'returns.md',
      Buffer.from('# Returns\n\nThe return window is thirty days.\n'),
      'text/markdown',
    );
    const embed = await owner.createEmbed([SITE]);
    const made = await owner.inWorkspace<{ id: string; secret: string }>(
      'POST',
      `/embeds/${embed.id}/identity-secrets`,
    );
    site = { ...embed, secret: made.body.secret };
  }, 180_000);
  afterAll(() => stack?.stop());

  const open = (body: object, url = stack.url): Promise<Answer<EmbedSession & Problem>> =>
    call(url, 'POST', '/v1/embed/sessions', { body: { embedKey: site.embedKey, ...body }, headers: { origin: SITE } });
  const chat = async (body: object): Promise<Visitor> => {
    const answer = await open(body);
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return Visitor.connect(stack.url, answer.body, SITE);
  };

  it('and the user’s conversation goes on at another machine, which an anonymous visitor’s does not', async () => {
    const atHome = await chat({ identityToken: vouch(site, { sub: 'user-17', name: 'Ada Lovelace' }) });
    expect(atHome.session.isVerified).toBe(true);
    await atHome.ask('How long is the return window?');
    atHome.leave();
    const atWork = await chat({ identityToken: vouch(site, { sub: 'user-17' }) });
    expect((await atWork.history()).map(({ author }) => author)).toEqual(['visitor', 'assistant']);
    atWork.leave();
    const stranger = await chat({});
    expect([stranger.session.isVerified, await stranger.history()]).toEqual([false, []]);
    stranger.leave();
  });

  it('W08 and on a shared computer nobody sees what another one wrote', async () => {
    const anonymous = await chat({});
    await anonymous.ask('How long is the return window?');
    anonymous.leave();
    const { resumeToken } = anonymous.session;
    const first = await chat({ resumeToken, identityToken: vouch(site, { sub: 'first' }) });
    expect([first.session.conversation, await first.history()]).toEqual([null, []]);
    await first.ask('Is the return window thirty days?');
    first.leave();
    const second = await chat({
      resumeToken: first.session.resumeToken,
      identityToken: vouch(site, { sub: 'second' }),
    });
    expect(await second.history()).toEqual([]);
    second.leave();
  });

  it('and a token that is wrong, old or used opens nothing, on any node, not even an anonymous session', async () => {
    const good = vouch(site, { sub: 'user-17' });
    expect((await open({ identityToken: good })).status).toBe(201);
    const iat = Math.floor(Date.now() / 1000);
    const wrong: [string, string][] = [
      ['used', good],
      ['expired', vouch(site, { sub: 'user-17', iat: iat - 400, exp: iat - 100 })],
      ['long-lived', vouch(site, { sub: 'user-17', exp: iat + 3600 })],
      ['for another embed', vouch(site, { sub: 'user-17', aud: randomUUID() })],
      ['signed by somebody else', vouch({ ...site, secret: `cc_ids_${'A'.repeat(43)}` }, { sub: 'user-17' })],
      ['unsigned', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`],
      ['a visitor token', (await open({})).body.visitorToken],
      ['an admin’s token', owner.session.accessToken],
    ];
    for (const [name, identityToken] of wrong) {
      const answers = await Promise.all(stack.nodes.map(({ url }) => open({ identityToken }, url)));
      for (const { status, body } of answers) {
        expect([name, status, body.code, body.visitorToken]).toEqual([
          name,
          401,
          'visitor.identity-invalid',
          undefined,
        ]);
      }
    }
  });

  it('and the secret changes without a gap', async () => {
    const path = `/embeds/${site.id}/identity-secrets`;
    const before = site.secret;
    const next = await owner.inWorkspace<{ id: string; secret: string }>('POST', path);
    const opened = async (secret: string) =>
      (await open({ identityToken: vouch({ ...site, secret }, { sub: 'user-17' }) })).status;
    expect([await opened(before), await opened(next.body.secret)]).toEqual([201, 201]);
    const full = await owner.inWorkspace<Problem>('POST', path);
    expect([full.status, full.body.code]).toEqual([409, 'identity-secret.too-many']);
    const { body } = await owner.inWorkspace<{ items: { id: string }[] }>('GET', path);
    expect(JSON.stringify(body)).not.toContain('cc_ids_');
    const old = body.items.find(({ id }) => id !== next.body.id)?.id;
    expect((await owner.inWorkspace('DELETE', `${path}/${old}`)).status).toBe(204);
    expect([await opened(before), await opened(next.body.secret)]).toEqual([401, 201]);
    site = { ...site, secret: next.body.secret };
  });

  it('and where the site asks for it, nobody else gets in', async () => {
    const put = (identityRequired: boolean) => owner.inWorkspace('PUT', `/embeds/${site.id}`, { identityRequired });
    await put(true);
    const refused = await open({});
    expect([refused.status, refused.body.code]).toEqual([403, 'visitor.identity-required']);
    expect(refused.headers.get('access-control-allow-origin')).toBe(SITE);
    expect((await open({ identityToken: vouch(site, { sub: 'user-17' }) })).status).toBe(201);
    await put(false);
  });

  it('and what visitors were told about the assistant, and accepted, is on record', async () => {
    await owner.inWorkspace('PUT', `/embeds/${site.id}`, { requiresConsent: true, aiDisclosure: 'A machine answers.' });
    const first = (await open({})).body;
    expect([first.hasConsent, first.config.disclosureVersion]).toEqual([false, 2]);
    const { resumeToken } = first;
    const second = (await open({ resumeToken, acceptedDisclosureVersion: 2 })).body;
    expect(second.hasConsent).toBe(true);
    const claims = JSON.parse(Buffer.from(second.visitorToken.split('.')[1] ?? '', 'base64url').toString()) as {
      sub: string;
    };
    const log = await owner.inWorkspace<{ items: { kind: string; version: number }[] }>(
      'GET',
      `/embeds/${site.id}/disclosures?visitorId=${claims.sub}`,
    );
    expect(log.body.items.map(({ kind, version }) => [kind, version])).toEqual([
      ['accepted', 2],
      ['shown', 2],
    ]);
  });

  describeInBrowser('in the widget on its pages', (browser) => {
    let shop: Shop;
    let page: Site;
    const QUESTION = 'How long is the return window?';

    beforeAll(async () => {
      shop = await Shop.open(browser());
      const embed = await owner.createEmbed([shop.url]);
      await owner.inWorkspace('PUT', `/embeds/${embed.id}`, { title: TITLE });
      const secrets = `/embeds/${embed.id}/identity-secrets`;
      page = { ...embed, secret: (await owner.inWorkspace<{ secret: string }>('POST', secrets)).body.secret };
    });
    afterEach(() => shop.clear());
    afterAll(() => shop?.close());

    const visit = (attributes = '') => shop.visit({ url: stack.url, embedKey: page.embedKey, attributes });
    const named = (sub: string, by = page): string => `data-identity-token="${vouch(by, { sub })}"`;

    it('by an attribute of the script: the conversation is there in another browser, and in no stranger’s', async () => {
      const atHome = await visit(named('reader-1'));
      await atHome.open(TITLE);
      await atHome.ask(QUESTION);
      await atHome.lastAnswer.getByText('thirty days').first().waitFor();
      const atWork = await visit(named('reader-1'));
      await atWork.open(TITLE);
      await atWork.lastAnswer.getByText('thirty days').first().waitFor();
      expect(await atWork.evaluate('localStorage.length')).toBe(0);
      const stranger = await visit();
      await stranger.open(TITLE);
      await stranger.input.waitFor();
      expect(await stranger.page.locator('.msg').count()).toBe(0);
    }, 120_000);

    it('by a call: signing in and out changes whose conversation it is, in an open dialog, and leaves nothing behind', async () => {
      const visitor = await visit();
      await visitor.open(TITLE);
      await visitor.ask('Is the return window long?');
      await visitor.lastAnswer.waitFor();
      const reader = await visit(named('reader-3'));
      await reader.open(TITLE);
      await reader.ask(QUESTION);
      await reader.lastAnswer.getByText('thirty days').first().waitFor();
      const identify = (token = '') => visitor.evaluate(`CustomerCare.identify(${token && `'${token}'`})`);
      await identify(vouch(page, { sub: 'reader-3' }));
      await visitor.lastAnswer.getByText('thirty days').first().waitFor();
      expect(await visitor.page.locator('.me .bubble').allTextContents()).toEqual([QUESTION]);
      await visitor.ask(QUESTION);
      await visitor.page.locator('.assistant').nth(1).waitFor();
      expect(await visitor.evaluate('sessionStorage.length')).toBeGreaterThan(0);
      await identify();
      await visitor.page.getByText('Is the return window long?').first().waitFor();
      expect(await visitor.page.locator('.me .bubble').allTextContents()).toEqual(['Is the return window long?']);
      expect(await visitor.evaluate('sessionStorage.length')).toBe(0);
      expect(visitor.complaints).toEqual([]);
    }, 120_000);

    it('and the page is told when the token is no good, and mends it', async () => {
      const visitor = await visit(named('reader-2', { ...page, secret: `cc_ids_${'A'.repeat(43)}` }));
      await visitor.evaluate(
        `{ window.errors = []; CustomerCare.on('error', ({ detail }) => errors.push(detail.code)); CustomerCare.open() }`,
      );
      await until(async () => (await visitor.evaluate<string[]>('errors')).length > 0);
      expect(await visitor.evaluate('errors')).toEqual(['visitor.identity-invalid']);
      await visitor.evaluate(`CustomerCare.identify('${vouch(page, { sub: 'reader-2' })}')`);
      await visitor.dialog.getByRole('heading', { name: TITLE }).waitFor();
      await visitor.ask(QUESTION);
      await visitor.lastAnswer.getByText('thirty days').first().waitFor();
    }, 120_000);
  });

  it('D01 and neither the secret nor whom it named can be read in what is stored', async () => {
    const email = `${randomUUID()}@example.com`;
    const externalId = `customer-${randomUUID()}`;
    const identityToken = vouch(site, { sub: externalId, name: 'Grace Brewster Hopper', email });
    expect((await open({ identityToken })).status).toBe(201);
    if (!stack.server) await stack.api.stop();
    const stored = await readEverythingStored(stack);
    for (const text of [email, externalId, 'Grace Brewster Hopper', site.secret, identityToken]) {
      expect([text, findStored(stored, text)]).toEqual([text, []]);
    }
  });
});
