import type { Page } from 'playwright-core';
import { Site } from '../widget/test-support/site';
import { Admin } from './support/admin';
import { launchBrowser, type LaunchedBrowser } from './support/browser';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { LIBRARY } from './support/library';
import { describeEmbeddedStack, type Stack } from './support/stack';

/** Notes each length at which the newest answer's words are on the page. */
const WATCH_ANSWERS = `{
  const log = document.querySelector('customer-care').shadowRoot.querySelector('[role=log]');
  const known = log.querySelectorAll('[part~="message-assistant"]').length;
  window.seenLengths = [];
  window.watching?.disconnect();
  window.watching = new MutationObserver(() => {
    const bubble = log.querySelectorAll('[part~="message-assistant"]')[known]?.querySelector('.bubble');
    if (bubble?.textContent && seenLengths.at(-1) !== bubble.textContent.length) seenLengths.push(bubble.textContent.length);
  });
  window.watching.observe(log, { childList: true, subtree: true, characterData: true });
}`;

describeWithCorpus('A newcomer opens the demo page in Chromium', () => {
  describeEmbeddedStack('and asks about documents uploaded over REST', (start) => {
    let stack: Stack;
    let launched: LaunchedBrowser;
    let page: Page;
    const requests: string[] = [];
    const faults: string[] = [];
    // Whole sentences arrive, each once it is verified: an answer of two is painted twice.
    let longest = 0;

    beforeAll(async () => {
      stack = await start({ DEMO: 'true' });
      await stack.api.waitForOutput('Ready', 120);
      const admin = await Admin.first(stack);
      for (const { file, type } of LIBRARY)
        await admin.uploadAndIndex(file.split('/').at(-1) ?? file, corpusFile(file), type);
      launched = await launchBrowser();
      if (!launched.browser) throw new Error(`no browser: ${launched.reason}`);
      const context = await launched.browser.newContext({ locale: 'en-GB' });
      page = await context.newPage();
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(`${stack.api.demoUrl}/demo`);
    }, 240_000);

    afterAll(async () => {
      if (launched?.browser) await launched.close();
      await stack?.stop();
    });

    const dialog = () => page.getByRole('dialog');
    const answers = () => dialog().locator('[part~="message-assistant"]');

    const ask = async (question: string) => {
      const before = await answers().count();
      await page.evaluate(WATCH_ANSWERS);
      await dialog().getByRole('textbox').fill(question);
      await page.keyboard.press('Enter');
      await answers().nth(before).waitFor();
      await dialog().getByRole('button', { name: 'Send' }).waitFor({ timeout: 40_000 });
      const lengths = await page.evaluate<number[]>('window.seenLengths');
      expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
      longest = Math.max(longest, lengths.length);
      return answers().nth(before);
    };

    it('and nothing but the page and the loader was requested, nothing stored, until the chat is opened', async () => {
      expect(requests.filter((url) => url.startsWith(stack.url) || url.includes('/widget/'))).toHaveLength(1);
      expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
      await page.getByRole('button', { name: 'Chat' }).click();
      await dialog().waitFor();
    });

    it.each(LIBRARY)(
      'and sees "$question" answered with words of the right document',
      async ({ title, question, known }) => {
        const answer = await ask(question);
        await answer.getByRole('button').first().click();
        const sources = dialog().locator('[part~="source"]');
        const texts = (await sources.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
        expect(texts.find((text) => text.includes(known) && text.includes(title)) ?? texts).toContain(known);
      },
    );

    it('and saw answers grow while they were written', () => expect(longest).toBeGreaterThan(1));

    it('and is told honestly when no document answers', async () => {
      const answer = await ask('How do I bake sourdough bread at home?');
      expect(await answer.locator('[part="citation"], [part="source"]').count()).toBe(0);
      expect((await answer.innerText()).length).toBeGreaterThan(10);
    });

    it('and finds the conversation again after a reload', async () => {
      const before = await answers().allTextContents();
      expect(before.length).toBeGreaterThan(LIBRARY.length);
      await page.reload();
      await page.getByRole('button', { name: 'Chat' }).click();
      await answers()
        .nth(before.length - 1)
        .waitFor();
      expect(await answers().allTextContents()).toEqual(before);
    });

    it('and the same page on an origin that is not allowed gets no session, no socket and no word of the company', async () => {
      const html = await (await fetch(`${stack.api.demoUrl}/demo`)).text();
      const copy = await Site.start();
      const stranger = await page.context().newPage();
      const sockets: string[] = [];
      const refused: string[] = [];
      stranger.on('websocket', (socket) => sockets.push(socket.url()));
      // Without CORS headers the browser keeps even the 404 from the page and calls the request failed.
      stranger.on(
        'requestfailed',
        (request) => request.url().endsWith('/v1/embed/sessions') && refused.push(request.method()),
      );
      await stranger.goto(copy.add('/demo', { html }));
      await stranger.getByRole('button', { name: 'Chat' }).click();
      await stranger
        .getByRole('dialog')
        .getByText(/not available/i)
        .first()
        .waitFor({ timeout: 60_000 });
      expect([sockets, [...new Set(refused)]]).toEqual([[], ['POST']]);
      expect(await stranger.getByRole('dialog').innerText()).not.toContain('Ask about CustomerCare');
      await stranger.close();
      await copy.stop();
    });

    it('and the page saw no error and no policy violation', () => {
      expect(faults).toEqual([]);
    });
  });
});
