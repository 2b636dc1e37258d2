/* eslint-disable max-lines -- one visitor’s whole use of the widget on one scripted gateway; a second file would repeat the set-up */
import type { Challenge } from '@app/chat-protocol';
import type { BrowserContext, BrowserContextOptions } from 'playwright-core';
import { DemoPage } from '../apps/api/src/demo/demo-page';
import { CONFIG, EMBED_KEY, FakeGateway } from '../widget/test-support/fake-gateway';
import { HOSTILE_ANSWER, REFUSAL, RETURNS_ANSWER } from '../widget/test-support/scripted-answer';
import { Site } from '../widget/test-support/site';
import { describeInBrowser } from './support/browser';
import { builtWidget } from './support/product';
import { until } from './support/until';
import { WidgetPage } from './support/widget-page';

const LOCAL = 'http://127.0.0.1';
const QUESTION = 'How do I return an item?';

describeInBrowser('A visitor uses the widget in a browser', (browser) => {
  let gateway: FakeGateway;
  let site: Site;
  let context: BrowserContext | undefined;
  let pages = 0;

  beforeAll(async () => {
    gateway = await FakeGateway.start(builtWidget);
    site = await Site.start();
  }, 120_000);
  afterAll(async () => {
    await site?.stop();
    await gateway?.stop();
  });
  beforeEach(() => {
    gateway.reset();
    gateway.answers.set(QUESTION, RETURNS_ANSWER);
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });

  const snippet = (attributes = ''): string =>
    `<script async src="${gateway.scriptUrl}" data-embed-key="${EMBED_KEY}" ${attributes}></script>`;
  const html = (head: string, body = '<h1>Shop</h1>'): string =>
    `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">${head}</head><body>${body}</body></html>`;

  async function visit(url: string, options: BrowserContextOptions = {}, script = ''): Promise<WidgetPage> {
    context ??= await browser().newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    if (script) await page.addInitScript(script);
    const visitor = new WidgetPage(page);
    await page.goto(url);
    await visitor.launcher.waitFor();
    return visitor;
  }
  const visitShop = (attributes = '', options: BrowserContextOptions = {}, script = ''): Promise<WidgetPage> =>
    visit(site.add(`/${++pages}`, { html: html(snippet(attributes)) }), options, script);
  const sentMessages = (): unknown[] =>
    gateway.events.filter(({ name }) => name === 'message-send').map(({ payload }) => payload['clientMessageId']);
  it('and nothing happens before she does: one request, no cookie, nothing stored, the focus where it was', async () => {
    const shop = await visitShop(
      '',
      {},
      'new PerformanceObserver((l) => (window.shifts = l.getEntries().length)).observe({ type: "layout-shift", buffered: true })',
    );
    await shop.page.waitForTimeout(500);
    expect(gateway.requests).toEqual(['GET /widget/v1/customercare.js']);
    expect(await shop.page.context().cookies()).toEqual([]);
    expect(
      await shop.evaluate(
        '[localStorage.length, sessionStorage.length, document.activeElement.tagName, window.shifts ?? 0]',
      ),
    ).toEqual([0, 0, 'BODY', 0]);
    // The budget for nodes while closed is 15.
    expect(
      await shop.evaluate('document.querySelector("customer-care").shadowRoot.querySelectorAll("*").length'),
    ).toBeLessThan(15);
    expect(shop.complaints).toEqual([]);
  });

  it('and opening it puts the cursor into the text field and tells who answers, without storing anything', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    expect(await shop.evaluate('document.querySelector("customer-care").shadowRoot.activeElement.tagName')).toBe(
      'TEXTAREA',
    );
    await shop.page.getByText(CONFIG.aiDisclosure).waitFor();
    await shop.page.getByText('How can we help you today?').waitFor();
    expect(await shop.page.locator('.chip').allTextContents()).toEqual(CONFIG.starterQuestions);
    expect(await shop.dialog.getAttribute('aria-modal')).toBe('false');
    expect(await shop.launcher.getAttribute('aria-expanded')).toBe('true');
    await until(() => gateway.socketCount === 1);
    expect(await shop.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    expect(gateway.requests.filter((line) => !line.includes('socket.io'))).toEqual([
      'GET /widget/v1/customercare.js',
      'GET /widget/v1/panel.js',
      'OPTIONS /v1/embed/sessions',
      'POST /v1/embed/sessions',
    ]);
  });

  it('and a starter question is answered in a stream, and a marker opens the words it rests on', async () => {
    gateway.answers.set(QUESTION, { ...RETURNS_ANSWER, holdAt: 120 });
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.page.getByRole('button', { name: QUESTION }).click();
    await shop.lastAnswer.getByText('30 days').waitFor();
    await shop.page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await shop.page.locator('.source').count()).toBe(0);
    gateway.release();
    await shop.page.getByRole('button', { name: 'Who pays for an exchange?' }).waitFor();
    expect(await shop.lastAnswer.locator('ol > li').count()).toBe(3);
    expect(await shop.lastAnswer.locator('strong').first().textContent()).toBe('30 days');

    await shop.lastAnswer.getByRole('button', { name: 'Source 2: Shipping guide 2026' }).click();
    const source = shop.page.locator('.source[open]');
    await source.getByText('Return labels are free of charge').waitFor();
    expect(await source.locator('small').textContent()).toBe('Labels › Weight limits for free return labels');
    expect(await shop.evaluate('document.querySelector("customer-care").shadowRoot.activeElement.tagName')).toBe(
      'SUMMARY',
    );
    const first = shop.page.locator('.source').first();
    expect(await first.locator('small').textContent()).toBe('Orders › Returns and refunds › page 4');
    const link = first.locator('a');
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
      'https://example.com/returns',
      'noopener noreferrer',
    ]);
    expect(shop.complaints).toEqual([]);
  });

  it('and a screen reader hears the whole answer once, not its pieces', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.listen();
    await shop.ask(QUESTION);
    await shop.page.getByText('Who pays for an exchange?').waitFor();
    await until(async () => (await shop.said()).some((text) => text.includes('30 days')));
    const said = await shop.said();
    expect(said.filter((text) => text.includes('You can return most items within 30 days of delivery'))).toHaveLength(
      1,
    );
    expect(said.join()).not.toContain('**');
    expect(await shop.page.getByRole('log').getAttribute('aria-live')).toBe('off');
  });

  it('and an honest refusal looks like one', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask('Do you sell unicorns?');
    await shop.page.locator('.refused').getByText(REFUSAL.text).waitFor();
    await shop.page.getByText('Not found in the documents').waitFor();
    expect(await shop.page.locator('.source').count()).toBe(0);
  });

  it('and she can stop an answer and keep what was written', async () => {
    gateway.answers.set(QUESTION, { ...RETURNS_ANSWER, holdAt: 60 });
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.lastAnswer.getByText('30 days').waitFor();
    await shop.page.getByRole('button', { name: 'Stop' }).click();
    await shop.lastAnswer.getByText('Stopped').waitFor();
    expect(await shop.lastAnswer.textContent()).not.toContain('Refunds');
    await shop.page.getByRole('button', { name: 'Send' }).waitFor();
  });

  it('and a cut connection in mid-answer loses nothing and repeats nothing', async () => {
    gateway.answers.set(QUESTION, { ...RETURNS_ANSWER, holdAt: 90 });
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.lastAnswer.getByText('30 days').waitFor();
    gateway.cutSockets();
    await until(() => gateway.socketCount === 0);
    gateway.release();
    await shop.page.locator('.source').first().waitFor();
    const text = (await shop.page.locator('.messages').textContent()) ?? '';
    expect([text.split('You can return most items').length, text.split('Refunds reach').length]).toEqual([2, 2]);
    expect([sentMessages().length, await shop.page.locator('.msg').count()]).toEqual([1, 2]);
  });

  it('and a question whose acknowledgement is lost is sent again under the same id and stored once', async () => {
    gateway.swallow.set('message-send', 1);
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor({ timeout: 30_000 });
    const [first, second, ...rest] = sentMessages();
    expect([first === second, rest]).toEqual([true, []]);
    expect(await shop.page.locator('.me').count()).toBe(1);
  });

  it('and what she wrote while offline goes out when the network is back', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await until(() => gateway.socketCount === 1);
    await context?.setOffline(true);
    gateway.cutSockets();
    await shop.status.getByText('You are offline').waitFor();
    await shop.ask(QUESTION);
    await shop.page.locator('.sending').waitFor();
    await context?.setOffline(false);
    await shop.page.locator('.source').first().waitFor({ timeout: 30_000 });
    expect(new Set(sentMessages()).size).toBe(1);
  });

  it('and an outbox left behind by one page is delivered by the next, which shows the whole conversation', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    gateway.swallow.set('message-send', 9);
    await shop.ask('Do you sell unicorns?');
    await until(() => sentMessages().length === 2);
    await shop.page.goto(site.add('/other', { html: html(snippet()) }));
    gateway.swallow.clear();
    await shop.open(CONFIG.title);
    await shop.page.locator('.refused').waitFor();
    expect(await shop.page.locator('.me .bubble').allTextContents()).toEqual([QUESTION, 'Do you sell unicorns?']);
    expect(await shop.page.locator('.source').count()).toBe(2);
    const [, second, third] = sentMessages();
    expect(second).toBe(third);
  });

  it('and a limit is counted down and then the message goes by itself', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.listen();
    gateway.sendProblem = {
      type: 'about:blank',
      title: 'Slow',
      status: 429,
      code: 'limit.messages',
      retryAfterSeconds: 2,
    };
    await shop.ask(QUESTION);
    await shop.page.locator('.notice').getByText('You can write again in 2 seconds.').waitFor();
    await shop.page.locator('.notice').getByText('You can write again in 1 second.').waitFor();
    await shop.page.locator('.source').first().waitFor();
    expect(await shop.page.locator('.notice').count()).toBe(0);
    // Said once, and not every second.
    const said = (await shop.said()).filter((text) => text.includes('write again'));
    expect(said).toEqual(['You can write again in 2 seconds.']);
  });

  it('and where others use up a limit she is told that it is not she', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    gateway.sendProblem = {
      type: 'about:blank',
      title: 'Busy',
      status: 429,
      code: 'limit.embed',
      retryAfterSeconds: 150,
    };
    await shop.ask(QUESTION);
    await shop.page.locator('.notice').getByText('The chat is very busy. You can write again in 3 minutes.').waitFor();
  });

  it('and a failed answer can be asked again', async () => {
    gateway.answers.set(QUESTION, { text: 'Half an answer', failure: 'provider.unavailable' });
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.lastAnswer.getByText('The answer could not be completed.').waitFor();
    gateway.answers.set(QUESTION, RETURNS_ANSWER);
    await shop.page.getByRole('button', { name: 'Try again' }).click();
    await shop.page.locator('.source').first().waitFor();
    expect(new Set(sentMessages()).size).toBe(2);
  });

  it('and Esc closes it and gives the focus back, while the page hears none of her keys', async () => {
    const shop = await visitShop();
    await shop.evaluate(
      "{ window.keys = []; for (const t of ['keydown', 'keyup', 'keypress']) document.addEventListener(t, (e) => keys.push(e.key)); }",
    );
    await shop.launcher.focus();
    await shop.page.keyboard.press('Enter');
    await shop.page.getByText(CONFIG.title).waitFor();
    await shop.page.keyboard.type('s/?');
    await shop.page.keyboard.press('Shift+Enter');
    expect(await shop.input.inputValue()).toBe('s/?\n');
    await shop.page.keyboard.press('Escape');
    await shop.dialog.waitFor({ state: 'hidden' });
    expect(
      await shop.evaluate(
        '[keys.length, document.activeElement.tagName, document.querySelector("customer-care").shadowRoot.activeElement.className]',
      ),
    ).toEqual([0, 'CUSTOMER-CARE', 'launcher']);
    await shop.page.keyboard.press('Enter');
    expect(await shop.input.inputValue()).toBe('s/?\n');
  });

  it('and Enter that ends a composition does not send', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.input.fill('ni');
    await shop.input.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect([await shop.input.inputValue(), sentMessages()]).toEqual(['ni', []]);
  });

  it("and a page's hostile style sheet changes nothing", async () => {
    const css = `* { display: none !important; font-size: 40px !important; color: red !important; transform: scale(3) !important;
      pointer-events: none !important; visibility: hidden !important; all: unset !important; opacity: 0 !important }
      html { direction: rtl; letter-spacing: 9px; text-transform: uppercase; line-height: 9; cursor: none } body { transform: translateX(0) }`;
    const plain = await visitShop();
    await plain.open(CONFIG.title);
    const measure = `(() => { const root = document.querySelector('customer-care').shadowRoot;
      return ['.launcher', 'h2', 'textarea', '.dialog', '.chip'].map((name) => { const node = root.querySelector(name); const s = getComputedStyle(node);
        const { x, y, width, height } = node.getBoundingClientRect();
        return [name, x, y, width, height, s.fontSize, s.color, s.letterSpacing, s.textTransform, s.lineHeight, s.opacity, s.visibility, s.direction, s.cursor]; }); })()`;
    const wanted = await plain.evaluate(measure);
    const hostile = await visit(site.add('/hostile', { html: html(snippet() + `<style>${css}</style>`) }));
    await hostile.open(CONFIG.title);
    await hostile.page.waitForTimeout(400);
    expect(await hostile.evaluate(measure)).toEqual(wanted);
  });

  it('and a site can give it its own colour and style its parts', async () => {
    const css = 'customer-care { --cc-accent: #f5b301 } customer-care::part(launcher) { border-radius: 9px }';
    const shop = await visit(site.add('/own', { html: html(`${snippet()}<style>${css}</style>`) }));
    const style = `(({ backgroundColor, borderRadius, color }) => [backgroundColor, borderRadius, color])(
      getComputedStyle(document.querySelector('customer-care').shadowRoot.querySelector('.launcher')))`;
    // On a light accent the text is dark.
    expect(await shop.evaluate(style)).toEqual(['rgb(245, 179, 1)', '9px', 'oklch(0 0 0)']);
  });

  it('and an answer that comes while it is closed is counted on the launcher until she looks', async () => {
    gateway.answers.set(QUESTION, { ...RETURNS_ANSWER, holdAt: 60 });
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.lastAnswer.getByText('30 days').waitFor();
    await shop.page.keyboard.press('Escape');
    gateway.release();
    await shop.page.getByRole('button', { name: 'Chat (1)' }).click();
    await shop.page.locator('.source').first().waitFor();
    expect(await shop.page.locator('.badge').count()).toBe(0);
  });

  it('and it works under the strict policy of the demo page, Trusted Types included', async () => {
    const demo = new DemoPage();
    await demo.start({ port: 0, host: '127.0.0.1', apiUrl: gateway.url, embedKey: EMBED_KEY });
    try {
      const page = await visit(
        demo.url,
        {},
        "window.violations = []; document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI));",
      );
      await page.open(CONFIG.title);
      await page.ask(QUESTION);
      await page.page.locator('.source').first().waitFor();
      await page.page.locator('button.cite').first().click();
      expect([await page.evaluate('violations'), page.complaints]).toEqual([[], []]);
      // The policy is in force: a string is no longer taken for markup.
      await expect(page.evaluate("document.body.innerHTML = '<b>'")).rejects.toThrow(/TrustedHTML/);
    } finally {
      await demo.stop();
    }
  });

  it('and it works under a policy that trusts only a nonce', async () => {
    const policy = `default-src 'none'; script-src 'nonce-abc'; connect-src ${gateway.url} ${gateway.url.replace('http', 'ws')}`;
    const shop = await visit(site.add('/nonce', { html: html(snippet('nonce="abc"')), policy }));
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    expect(shop.complaints).toEqual([]);
  });

  it('and an answer full of markup is only text, and asks nobody for anything', async () => {
    gateway.answers.set(QUESTION, { ...HOSTILE_ANSWER, pieceChars: 1 });
    const shop = await visitShop();
    const foreign: string[] = [];
    shop.page.on('request', (request) => void (request.url().startsWith(LOCAL) || foreign.push(request.url())));
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.lastAnswer.getByText('<svg onload').waitFor();
    expect(await shop.lastAnswer.locator('img, script, a, svg').count()).toBe(0);
    expect([await shop.evaluate('window.pwned ?? null'), foreign]).toEqual([null, []]);
  });

  it('and where no session can be had it says so quietly', async () => {
    gateway.sessionProblem = { status: 404 };
    const shop = await visitShop();
    await shop.launcher.click();
    await shop.status.getByText('The chat is not available right now.').waitFor();
    expect(await shop.input.isVisible()).toBe(false);
    await shop.page.waitForTimeout(1500);
    expect(gateway.requests.filter((line) => line === 'POST /v1/embed/sessions')).toHaveLength(1);
    // The browser's own line about the answer; the widget adds nothing.
    expect(shop.complaints.filter((line) => !line.includes('404'))).toEqual([]);
    gateway.sessionProblem = undefined;
    await shop.page.keyboard.press('Escape');
    await shop.open(CONFIG.title);
    expect(await shop.input.isVisible()).toBe(true);
  });

  it('and where work is asked for and never enough it is said politely, and ends in the same words', async () => {
    const challenge: Challenge = {
      parameters: {
        ...{ algorithm: 'PBKDF2/SHA-256', nonce: '0a'.repeat(16), salt: '0b'.repeat(16), cost: 1 },
        ...{ keyLength: 32, keyPrefix: '0' },
      },
    };
    gateway.sessionProblem = { status: 403, code: 'challenge.required', challenge };
    const shop = await visitShop();
    await shop.listen();
    await shop.launcher.click();
    await shop.status.getByText('The chat is not available right now.').waitFor();
    await until(async () => (await shop.said()).some((text) => text.includes('not available')));
    expect((await shop.said())[0]).toContain('One moment, a short automatic check…');
    expect(gateway.requests.filter((line) => line === 'POST /v1/embed/sessions')).toHaveLength(4);
    expect(gateway.requests.filter((line) => line === 'GET /widget/v1/challenge.js')).toHaveLength(1);
    expect(shop.complaints.filter((line) => !line.includes('403'))).toEqual([]);
  });

  it('and a session the server closed is opened again behind the scenes', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    gateway.closeSessions('embed-changed');
    await until(() => gateway.requests.filter((line) => line === 'POST /v1/embed/sessions').length === 2);
    await shop.ask('Do you sell unicorns?');
    await shop.page.locator('.refused').waitFor();
    expect(await shop.page.locator('.msg').count()).toBe(4);
  });

  it('and when the embed is switched off in mid-conversation the conversation stays readable', async () => {
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    gateway.sessionProblem = { status: 404 };
    gateway.closeSessions('embed-changed');
    await shop.status.getByText('The chat is not available right now.').waitFor();
    expect([await shop.input.isVisible(), await shop.lastAnswer.isVisible()]).toEqual([false, true]);
  });

  it('and behind a proxy that lets no WebSocket through it polls', async () => {
    context = await browser().newContext({ reducedMotion: 'reduce' });
    await context.routeWebSocket(/socket\.io/, (socket) => void socket.close());
    const shop = await visitShop();
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor({ timeout: 30_000 });
    expect(gateway.requests).toContain('GET /widget/v1/polling.js');
  });

  it('and storage that throws does not keep her from an answer', async () => {
    const shop = await visitShop(
      '',
      {},
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
    );
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    expect(shop.complaints).toEqual([]);
  });

  it('and the page can call it before it is there, hear its events and take it away', async () => {
    const queue = `<script>window.CustomerCare = []; window.heard = [];
      for (const name of ['ready', 'open', 'message', 'close']) CustomerCare.push(['on', name, (e) => heard.push(name + (e.detail ? ':' + e.detail.author : ''))]);
      CustomerCare.push(['send', ${JSON.stringify(QUESTION)}]);</script>`;
    const shop = await visit(site.add('/api', { html: html(queue + snippet()) }));
    await shop.page.locator('.source').first().waitFor();
    await shop.evaluate('CustomerCare.close()');
    expect(await shop.evaluate('heard')).toEqual(['open', 'ready', 'message:visitor', 'message:assistant', 'close']);
    await shop.evaluate('CustomerCare.destroy()');
    await until(() => gateway.socketCount === 0);
    expect(
      await shop.evaluate('[document.querySelectorAll("customer-care").length, typeof window.CustomerCare]'),
    ).toEqual([0, 'undefined']);
  });

  it('and a single-page app that adds and removes it twenty times leaves nothing behind; two snippets make one', async () => {
    const shop = await visitShop();
    const add = `new Promise((done) => { const s = document.createElement('script'); s.src = '${gateway.scriptUrl}'; s.dataset.embedKey = '${EMBED_KEY}'; s.onload = done; document.head.append(s); })`;
    await shop.evaluate(add);
    expect(await shop.evaluate('document.querySelectorAll("customer-care").length')).toBe(1);
    for (let round = 0; round < 20; round++) {
      await shop.evaluate('(CustomerCare.open(), new Promise((done) => setTimeout(done, 20)))');
      await shop.evaluate('CustomerCare.destroy()');
      await shop.evaluate(add);
    }
    await until(() => gateway.socketCount === 0);
    await shop.open(CONFIG.title);
    await shop.ask(QUESTION);
    await shop.page.locator('.source').first().waitFor();
    expect([await shop.evaluate('document.querySelectorAll("customer-care").length'), shop.complaints]).toEqual([
      1,
      [],
    ]);
  });

  it('and on a phone it fills the screen and keeps the focus inside', async () => {
    const shop = await visitShop('', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await shop.launcher.tap();
    await shop.page.getByText(CONFIG.title).waitFor();
    expect(await shop.dialog.getAttribute('aria-modal')).toBe('true');
    expect(await shop.dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    for (let press = 0; press < 12; press++) {
      await shop.page.keyboard.press('Tab');
      expect(
        await shop.evaluate('!!document.querySelector("customer-care").shadowRoot.activeElement?.closest(".dialog")'),
      ).toBe(true);
    }
  });

  it('and it speaks her language and stands on her side of the page', async () => {
    const shop = await visitShop('data-locale="ar-EG"');
    expect((await shop.launcher.boundingBox())?.x).toBe(20);
    await shop.open(CONFIG.title);
    expect(await shop.input.getAttribute('placeholder')).toBe('اطرح سؤالاً…');
    await shop.status.getByText('مساعد ذكاء اصطناعي').waitFor();
    expect(gateway.requests).toContain('GET /widget/v1/locale-ar.js');
  });
});
