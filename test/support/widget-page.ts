import type { Locator, Page } from 'playwright-core';

/** A page of a customer's site with the widget on it, as one visitor uses it. */
export class WidgetPage {
  /** What the page's console said and what nobody caught. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (line) => void (line.type() === 'error' && this.complaints.push(line.text())));
    page.on('pageerror', (error) => void this.complaints.push(error.message));
  }

  get launcher(): Locator {
    return this.page.locator('.launcher');
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  /** The line below the title. What it says is also announced, so look for texts in one place. */
  get status(): Locator {
    return this.page.locator('.head');
  }
  get input(): Locator {
    return this.page.locator('textarea');
  }
  get lastAnswer(): Locator {
    return this.page.locator('.assistant').last();
  }

  /** Opens the dialog and waits until the site's own title is there: the session is open then. */
  async open(title: string): Promise<void> {
    await this.launcher.click();
    await this.dialog.getByRole('heading', { name: title }).waitFor();
  }
  async ask(question: string): Promise<void> {
    await this.input.fill(question);
    await this.input.press('Enter');
  }
  /** From now on `said` holds what a screen reader hears. */
  async listen(): Promise<void> {
    await this.evaluate(`{
      window.said = [];
      const root = document.querySelector('customer-care').shadowRoot;
      let last = '';
      new MutationObserver(() => {
        const text = root.querySelector('[role=status]')?.textContent ?? '';
        if (text && text !== last) said.push(text);
        last = text;
      }).observe(root, { childList: true, characterData: true, subtree: true });
    }`);
  }
  said(): Promise<string[]> {
    return this.evaluate('said');
  }
  /** Evaluated in the page; the compiler knows nothing of browsers here. */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }
}
