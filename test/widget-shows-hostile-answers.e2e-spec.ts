import { EMBED_KEY, FakeGateway } from '../widget/test-support/fake-gateway';
import { describeInBrowser } from './support/browser';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { builtWidget } from './support/product';
import { Shop } from './support/shop';

const LOCAL = 'http://127.0.0.1';
/** Of thousands of payloads that are much alike. */
const EVERY_NTH = 40;

const lines = (path: string): string[] => corpusFile(path).toString('utf8').split('\n').filter(Boolean);

/** What the corpora say a model, or a visitor, may write to do harm. */
function hostileTexts(): string[] {
  const outputs = JSON.parse(corpusFile('attack/own/llm-outputs.json').toString('utf8')) as { answer: string }[];
  const xss = lines('attack/text/xss.jsonl').map((line) => (JSON.parse(line) as { payload: string }).payload);
  const texts = [...outputs.map(({ answer }) => answer), ...xss.filter((_, index) => index % EVERY_NTH === 0)];
  return texts.filter((text) => text.trim() !== '' && text.length <= 4_000);
}

/** Tags the widget makes of an answer's Markdown; nothing else belongs below an answer. */
const OWN_TAGS =
  /^(p|br|strong|em|code|pre|ul|ol|li|a|button|span|div|h[1-6]|blockquote|hr|del|table|thead|tbody|tr|td|th|sup)$/;

describeWithCorpus('The widget shows hostile answers', () => {
  describeInBrowser('in a browser', (browser) => {
    let gateway: FakeGateway;
    let site: Shop;

    beforeAll(async () => {
      gateway = await FakeGateway.start(builtWidget);
      site = await Shop.open(browser());
    });
    afterAll(async () => {
      await site?.close();
      await gateway?.stop();
    });

    it('A10 as text: nothing runs, nothing is asked of anybody, and links lead to pages and mailboxes alone', async () => {
      const texts = hostileTexts();
      expect(texts.length).toBeGreaterThan(80);
      const visitor = await site.visitor();
      const [dialogs, foreign]: [string[], string[]] = [[], []];
      visitor.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      visitor.on('request', (request) => void (request.url().startsWith(LOCAL) || foreign.push(request.url())));
      const shop = await site.visit({ url: gateway.url, embedKey: EMBED_KEY }, visitor);
      await shop.launcher.click();
      await shop.input.waitFor();
      for (const [index, text] of texts.entries()) {
        gateway.answers.set(`Question ${index}`, { text, pieceChars: 7 });
        await shop.ask(`Question ${index}`);
        await shop.page.locator('.assistant:not(.streaming)').nth(index).waitFor({ state: 'attached' });
      }
      const shown = await shop.evaluate<{ tags: string[]; links: string[] }>(
        `(() => {
          const root = (node) => [...node.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? root(e.shadowRoot) : [])]);
          const inAnswers = root(document).filter((e) => e.closest('.assistant') && !e.matches('.assistant'));
          return { tags: inAnswers.map((e) => e.tagName.toLowerCase()), links: inAnswers.filter((e) => e.href).map((e) => e.protocol + ' ' + e.rel) };
        })()`,
      );
      expect([...new Set(shown.tags)].filter((tag) => !OWN_TAGS.test(tag))).toEqual([]);
      for (const link of shown.links) {
        expect(link).toMatch(/^(https?:|mailto:) (?=.*noopener)(?=.*noreferrer)(?=.*nofollow)/);
      }
      expect({ dialogs, foreign, complaints: shop.complaints }).toEqual({ dialogs: [], foreign: [], complaints: [] });
    }, 180_000);
  });
});
