import { Admin } from './support/admin';
import { describeInBrowser } from './support/browser';
import { Shop, type Snippet } from './support/shop';
import { describeServerStack, type Stack } from './support/stack';
import { until } from './support/until';

const TITLE = 'Fern';

describeInBrowser('A visitor is asked for work', (browser) => {
  describeServerStack('by an embed that always asks', (start) => {
    let stack: Stack;
    let site: Shop;
    let snippet: Snippet;

    beforeAll(async () => {
      stack = await start();
      site = await Shop.open(browser());
      const admin = await Admin.register(stack.url);
      const { id, embedKey } = await admin.createEmbed([site.url]);
      const changed = await admin.inWorkspace('PUT', `/embeds/${id}`, { challenge: 'always', title: TITLE });
      expect(changed.status).toBe(200);
      const { url } = stack;
      snippet = {
        url,
        embedKey,
        attributes: 'nonce="abc"',
        policy:
          `default-src 'none'; script-src 'nonce-abc'; connect-src ${url} ${url.replace('http', 'ws')}; ` +
          "require-trusted-types-for 'script'; trusted-types 'none'",
      };
    }, 180_000);
    afterAll(async () => {
      await site?.close();
      await stack?.stop();
    });

    it('and the widget does it in the background, on a page that allows next to nothing', async () => {
      const visitor = await site.visitor();
      const answers: number[] = [];
      const files: string[] = [];
      visitor.on('request', (request) => void files.push(new URL(request.url()).pathname));
      visitor.on('response', (response) => {
        if (response.request().method() === 'POST') answers.push(response.status());
      });
      const shop = await site.visit(snippet, visitor);
      await shop.listen();
      await shop.evaluate(`{
        window.violations = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
      }`);
      await shop.open(TITLE);
      expect(answers).toEqual([403, 201]);
      expect(files.filter((path) => path.endsWith('/challenge.js'))).toHaveLength(1);
      expect(await shop.said()).toEqual(['One moment, a short automatic check…']);
      // The text field never lost the focus, so that she could write meanwhile.
      expect(await shop.evaluate('document.querySelector("customer-care").shadowRoot.activeElement.tagName')).toBe(
        'TEXTAREA',
      );
      await shop.ask('How do I return an item?');
      await shop.page.locator('.refused').waitFor({ timeout: 60_000 });

      answers.length = files.length = 0;
      await shop.page.reload();
      await shop.open(TITLE);
      await until(() => answers.length === 1);
      expect([answers, files.filter((path) => path.endsWith('/challenge.js'))]).toEqual([[201], []]);
      expect(await shop.evaluate('window.violations ?? []')).toEqual([]);
      // The browser's own line about the first answer; the widget adds nothing.
      expect(shop.complaints.filter((line) => !line.includes('403'))).toEqual([]);
    }, 120_000);
  });
});
