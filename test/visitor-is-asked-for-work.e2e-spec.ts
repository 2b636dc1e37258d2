import type { BrowserContext } from 'playwright-core';
import { Site } from '../widget/test-support/site';
import { Admin } from './support/admin';
import { describeInBrowser } from './support/browser';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';
import { WidgetPage } from './support/widget-page';

const TITLE = 'Fern';

describeInBrowser('A visitor is asked for work', (browser) => {
  describeServerStack('by an embed that always asks', (start) => {
    let stack: Stack;
    let site: Site;
    let context: BrowserContext;
    let pageUrl: string;

    beforeAll(async () => {
      stack = await start();
      site = await Site.start();
      const admin = await Admin.register(stack.url);
      const { id, embedKey } = await admin.createEmbed([site.url]);
      const changed = await admin.inWorkspace('PUT', `/embeds/${id}`, { challenge: 'always', title: TITLE });
      expect(changed.status).toBe(200);
      const { url } = stack;
      const script = `<script nonce="abc" async src="${url}/widget/v1/customercare.js" data-embed-key="${embedKey}"></script>`;
      pageUrl = site.add('/shop', {
        html: `<!doctype html><html lang="en"><head>${script}</head><body><h1>Shop</h1></body></html>`,
        policy:
          `default-src 'none'; script-src 'nonce-abc'; connect-src ${url} ${url.replace('http', 'ws')}; ` +
          "require-trusted-types-for 'script'; trusted-types 'none'",
      });
      context = await browser().newContext({ reducedMotion: 'reduce' });
    }, 180_000);
    afterAll(async () => {
      await context?.close();
      await site?.stop();
      await stack?.stop();
    });

    it('and the widget does it in the background, on a page that allows next to nothing', async () => {
      const page = await context.newPage();
      const shop = new WidgetPage(page);
      const answers: number[] = [];
      const files: string[] = [];
      page.on('request', (request) => void files.push(new URL(request.url()).pathname));
      page.on('response', (response) => {
        if (response.request().method() === 'POST') answers.push(response.status());
      });
      await page.goto(pageUrl);
      await shop.launcher.waitFor();
      await shop.evaluate(`{
        window.said = [];
        window.violations = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
        const root = document.querySelector('customer-care').shadowRoot;
        let last = '';
        new MutationObserver(() => {
          const text = root.querySelector('[role=status]')?.textContent ?? '';
          if (text && text !== last) said.push(text);
          last = text;
        }).observe(root, { childList: true, characterData: true, subtree: true });
      }`);
      await shop.open(TITLE);
      expect(answers).toEqual([403, 201]);
      expect(files.filter((path) => path.endsWith('/challenge.js'))).toHaveLength(1);
      expect(await shop.evaluate('said')).toEqual(['One moment, a short automatic check…']);
      // The text field never lost the focus, so that she could write meanwhile.
      expect(await shop.evaluate('document.querySelector("customer-care").shadowRoot.activeElement.tagName')).toBe(
        'TEXTAREA',
      );
      await shop.ask('How do I return an item?');
      await page.locator('.refused').waitFor({ timeout: 60_000 });

      answers.length = files.length = 0;
      await page.reload();
      await shop.open(TITLE);
      await until(() => answers.length === 1);
      expect([answers, files.filter((path) => path.endsWith('/challenge.js'))]).toEqual([[201], []]);
      expect(await shop.evaluate('window.violations ?? []')).toEqual([]);
      // The browser's own line about the first answer; the widget adds nothing.
      expect(shop.complaints.filter((line) => !line.includes('403'))).toEqual([]);
    }, 120_000);
  });
});
