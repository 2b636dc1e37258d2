import { CONFIG, EMBED_KEY, FakeGateway } from '../widget/test-support/fake-gateway';
import { RETURNS_ANSWER } from '../widget/test-support/scripted-answer';
import { describeInBrowser } from './support/browser';
import { builtWidget } from './support/product';
import { Shop } from './support/shop';
import { until } from './support/until';
import type { WidgetPage } from './support/widget-page';

const QUESTION = 'How do I return an item?';
const ROOT = 'document.querySelector("customer-care").shadowRoot';

describeInBrowser('A site dresses its widget and asks for consent', (browser) => {
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
  beforeEach(() => {
    gateway.reset();
    gateway.answers.set(QUESTION, RETURNS_ANSWER);
  });
  afterEach(() => site.clear());

  const visit = (attributes = '', style = ''): Promise<WidgetPage> =>
    site.visit({ url: gateway.url, embedKey: EMBED_KEY, attributes, style });
  const styleOf = (shop: WidgetPage, selector: string, property: string): Promise<string> =>
    shop.evaluate(`getComputedStyle(${ROOT}.querySelector('${selector}'))['${property}']`);
  const sent = (): number => gateway.events.filter(({ name }) => name === 'message-send').length;

  describe('with the looks of the embed', () => {
    it('which the widget takes when it opens: colours, side, name and direction', async () => {
      const look = { accentColor: '#ffd400', onAccentColor: '#102030', position: 'left', direction: 'rtl' } as const;
      gateway.config = { ...CONFIG, ...look, launcherLabel: 'Ask Fern' };
      const shop = await visit();
      await shop.open(CONFIG.title);
      expect(await styleOf(shop, '.launcher', 'backgroundColor')).toBe('rgb(255, 212, 0)');
      expect(await styleOf(shop, '.launcher', 'color')).toBe('rgb(16, 32, 48)');
      expect(await styleOf(shop, '.cc', 'left')).toBe('20px');
      expect(await shop.evaluate(`${ROOT}.querySelector('.cc').dir`)).toBe('rtl');
      expect(await shop.launcher.getAttribute('aria-label')).toBe('Ask Fern');
      expect(shop.complaints).toEqual([]);
    });

    it('unless the page says something else', async () => {
      gateway.config = {
        ...CONFIG,
        accentColor: '#ffd400',
        onAccentColor: '#102030',
        position: 'left',
        launcherLabel: 'Fern',
      };
      const shop = await visit('data-position="right" data-launcher-label="Our own"', ':root { --cc-accent: #0a7d5a }');
      expect(await shop.launcher.getAttribute('aria-label')).toBe('Our own');
      await shop.open(CONFIG.title);
      expect(await styleOf(shop, '.launcher', 'backgroundColor')).toBe('rgb(10, 125, 90)');
      expect(await styleOf(shop, '.launcher', 'color')).toBe('oklch(1 0 0)');
      expect(await styleOf(shop, '.cc', 'right')).toBe('20px');
      expect(await shop.launcher.getAttribute('aria-label')).toBe('Our own');
    });
  });

  describe('where visitors must know that a machine answers', () => {
    beforeEach(() => {
      gateway.config = { ...CONFIG, requiresConsent: true, disclosureVersion: 3 };
    });

    it('nothing can be written before they accept, and afterwards the chat goes on as usual', async () => {
      const shop = await visit();
      await shop.launcher.click();
      const accept = shop.page.getByRole('button', { name: 'Accept and start' });
      await accept.waitFor();
      expect(await shop.page.locator('.consent').textContent()).toContain(CONFIG.aiDisclosure);
      expect([await shop.input.isVisible(), await shop.page.locator('.chip').first().isVisible()]).toEqual([
        false,
        false,
      ]);
      expect(await shop.evaluate(`${ROOT}.activeElement.textContent`)).toBe('Accept and start');
      expect(await shop.evaluate('localStorage.length')).toBe(0);
      await accept.press('Enter');
      await shop.input.waitFor();
      expect(await shop.evaluate(`${ROOT}.activeElement.tagName`)).toBe('TEXTAREA');
      await shop.ask(QUESTION);
      await shop.lastAnswer.getByText('30 days', { exact: true }).waitFor();
      await shop.page.reload();
      await shop.open(CONFIG.title);
      await shop.lastAnswer.getByText('30 days', { exact: true }).waitFor();
      expect(await accept.isVisible()).toBe(false);
      expect(shop.complaints).toEqual([]);
    });

    it('and when the text has changed meanwhile they are asked again, and told why', async () => {
      const shop = await visit();
      await shop.launcher.click();
      const accept = shop.page.getByRole('button', { name: 'Accept and start' });
      await accept.click();
      await shop.input.waitFor();
      gateway.config = {
        ...gateway.config,
        disclosureVersion: 4,
        aiDisclosure: 'Everything you write is read by a machine.',
      };
      gateway.sendProblem = { type: 'about:blank', title: 'No', status: 403, code: 'visitor.consent-required' };
      await shop.ask(QUESTION);
      await shop.page.locator('.notice').getByText('Please accept the notice first').waitFor();
      await accept.waitFor();
      expect(await shop.page.locator('.consent').textContent()).toContain('read by a machine');
      await accept.click();
      await shop.input.waitFor();
      expect(await shop.page.locator('.notice').count()).toBe(0);
      await shop.page.getByRole('button', { name: 'Try again' }).click();
      await shop.lastAnswer.getByText('30 days', { exact: true }).waitFor();
      expect(shop.complaints).toEqual([]);
    });

    it('and what the page or an early visitor sends waits for it', async () => {
      const shop = await visit();
      await shop.evaluate(`CustomerCare.send('${QUESTION}')`);
      const accept = shop.page.getByRole('button', { name: 'Accept and start' });
      await accept.waitFor();
      await until(() => gateway.socketCount === 1);
      await shop.page.waitForTimeout(300);
      expect(sent()).toBe(0);
      await accept.click();
      await shop.lastAnswer.getByText('30 days', { exact: true }).waitFor();
      expect(sent()).toBe(1);
    });
  });
});
