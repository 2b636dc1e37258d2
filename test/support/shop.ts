import type { Browser, BrowserContext } from 'playwright-core';
import { Site } from '../../widget/test-support/site';
import { WidgetPage } from './widget-page';

/** The script element a customer pastes, and the page around it. */
export interface Snippet {
  /** The server's address. */
  url: string;
  embedKey: string;
  /** More attributes of the script element. */
  attributes?: string;
  /** The page's own style sheet. */
  style?: string;
  /** Content-Security-Policy */
  policy?: string;
}

/** A customer's site with the widget on its pages. Every browser context is another visitor. */
export class Shop {
  private readonly contexts: BrowserContext[] = [];
  private pages = 0;

  private constructor(
    private readonly browser: Browser,
    private readonly site: Site,
  ) {}

  static async open(browser: Browser): Promise<Shop> {
    return new Shop(browser, await Site.start());
  }

  /** The origin an embed must allow. */
  get url(): string {
    return this.site.url;
  }

  /** Puts another page on the site; answers with its address. */
  add({ url, embedKey, attributes = '', style = '', policy }: Snippet): string {
    const script = `<script async src="${url}/widget/v1/customercare.js" data-embed-key="${embedKey}" ${attributes}></script>`;
    const head = `<meta name="viewport" content="width=device-width">${style && `<style>${style}</style>`}${script}`;
    const html = `<!doctype html><html lang="en"><head>${head}</head><body><h1>Shop</h1></body></html>`;
    return this.site.add(`/${++this.pages}`, { html, policy });
  }

  /** A visitor's browser, with nothing in it yet. */
  async visitor(): Promise<BrowserContext> {
    const context = await this.browser.newContext({ reducedMotion: 'reduce' });
    this.contexts.push(context);
    return context;
  }

  /** Opens the page in that visitor's browser, else in a new one's. */
  async visit(snippet: Snippet, context?: BrowserContext): Promise<WidgetPage> {
    const page = await (context ?? (await this.visitor())).newPage();
    const shop = new WidgetPage(page);
    await page.goto(this.add(snippet));
    await shop.launcher.waitFor();
    return shop;
  }

  /** Every visitor leaves. */
  async clear(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.clear();
    await this.site.stop();
  }
}
