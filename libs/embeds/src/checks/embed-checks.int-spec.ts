import { describeDatabase } from '@app/database/testing';
import type { CreatedEmbedView } from '../embeds.dto';
import type { RotatedEmbedKeyView } from '../keys/embed-keys.dto';
import { EmbedsApp, type HttpAnswer } from '../testing/embeds-app';
import type { OriginTestView, SnippetTestView } from './embed-checks.dto';

const SITE = 'https://shop.example.com';

describeDatabase('Checks for the owner of an embed', (create) => {
  let embeds: EmbedsApp;
  let workspaceId: string;
  beforeAll(async () => {
    embeds = await EmbedsApp.start(create);
    workspaceId = await embeds.addWorkspace();
  });
  afterAll(() => embeds.close());

  const post = <T>(rest: string, body?: object): Promise<HttpAnswer<T>> =>
    embeds.call<T>('POST', `/workspaces/${workspaceId}/embeds${rest}`, { body });
  const add = async (input: object = {}) =>
    (await post<CreatedEmbedView>('', { name: 'Shop', allowedOrigins: [SITE], ...input })).body;
  const inSeconds = (seconds: number) => new Date(embeds.clock.now().getTime() + seconds * 1000).toISOString();

  it('A09 say which rule lets a site in, and what else keeps everybody out', async () => {
    const { embed } = await add({ expiresAt: inSeconds(60) });
    const test = async (origin: string) => {
      const { isAllowed, matchedRule, reasons } = (await post<OriginTestView>(`/${embed.id}/origin-test`, { origin }))
        .body;
      return [isAllowed, matchedRule, ...reasons.map(({ code }) => code)];
    };
    expect(await test(SITE)).toEqual([true, SITE, 'matched']);
    expect(await test('http://shop.example.com')).toEqual([false, null, 'scheme']);
    await post(`/${embed.id}/disable`);
    embeds.clock.advance(61);
    expect(await test(SITE)).toEqual([false, SITE, 'disabled', 'expired', 'matched']);
  });

  it('say what is wrong with the key on a page, without a word about other workspaces', async () => {
    const { embed, embedKey, snippet } = await add();
    const other = await add({ name: 'Help centre' });
    const theirs = await embeds.call<CreatedEmbedView>('POST', `/workspaces/${await embeds.addWorkspace()}/embeds`, {
      body: { name: 'Theirs' },
    });
    const test = async (html: string) => (await post<SnippetTestView>(`/${embed.id}/snippet-test`, { html })).body;
    const codes = async (key: string) => (await test(snippet.replace(embedKey, key))).findings.map(({ code }) => code);
    expect(await test(`<!doctype html><body>${snippet}</body>`)).toEqual({ isFine: true, findings: [] });
    expect(await codes('')).toEqual(['key-missing']);
    expect(await codes('cc_pub_…')).toEqual(['key-malformed']);
    expect(await codes(`cc_pub_${'A'.repeat(43)}`)).toEqual(['key-unknown']);
    expect(await test(snippet.replace(embedKey, theirs.body.embedKey))).toEqual(
      await test(snippet.replace(embedKey, `cc_pub_${'A'.repeat(43)}`)),
    );
    expect(await codes(other.embedKey)).toEqual(['key-of-another-embed']);
    const { body } = await post<RotatedEmbedKeyView>(`/${embed.id}/keys/rotate`, { overlapSeconds: 60 });
    expect(await codes(body.embedKey)).toEqual([]);
    expect(await codes(embedKey)).toEqual(['key-replaced']);
    expect((await test(snippet)).isFine).toBe(true);
    embeds.clock.advance(61);
    expect(await codes(embedKey)).toEqual(['key-ended']);
    expect((await test(snippet)).isFine).toBe(false);
    await post(`/${embed.id}/disable`);
    expect(await codes(body.embedKey)).toEqual(['disabled']);
    expect((await test('<p>')).findings.map(({ code }) => code)).toEqual(['script-missing', 'disabled']);
  });

  it('give a snippet whose words cannot leave their attribute', async () => {
    const { embed, snippet, embedKey } = await add({
      launcherLabel: `"><img src=x onerror=alert(1)>&`,
      accentColor: '#0a7d5a',
      position: 'left',
      locale: 'pt-BR',
    });
    expect(snippet).toBe(
      `<script async src="https://chat.example/widget/v1/customercare.js" data-embed-key="${embedKey}" data-color="#0a7d5a"` +
        ` data-position="left" data-launcher-label="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;" data-locale="pt-BR"></script>`,
    );
    expect((await post<SnippetTestView>(`/${embed.id}/snippet-test`, { html: snippet })).body.isFine).toBe(true);
  });

  it.each([
    ['accentColor', 'red'],
    ['accentColor', '#FFF'],
    ['accentColor', '#zzzzzz'],
    ['accentColor', 'url(//evil)'],
    ['onAccentColor', '#12345'],
    ['position', 'top'],
    ['locale', 'x'],
    ['locale', 'de_DE'],
    ['direction', 'up'],
    ['launcherLabel', ''],
  ])('refuse %s %s', async (field, value) => {
    const answer = await post<{ errors: { path: string }[] }>('', { name: 'Shop', [field]: value });
    expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, field]);
  });

  it('refuse colours nobody can read, also when the second one comes later', async () => {
    const wrong = { accentColor: '#ffffff', onAccentColor: '#eeeeee' };
    expect((await post('', { name: 'Shop', ...wrong })).status).toBe(400);
    const { embed } = await add({ accentColor: '#ffffff', onAccentColor: '#111111' });
    const put = (body: object) => embeds.call('PUT', `/workspaces/${workspaceId}/embeds/${embed.id}`, { body });
    expect((await put({ accentColor: '#000000' })).status).toBe(400);
    expect((await put({ accentColor: '#000000', onAccentColor: null })).status).toBe(200);
  });
});
