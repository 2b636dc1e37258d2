import type { Shell } from '../../shell-contract';

const FOCUSABLE = 'button,textarea,a[href],summary,[tabindex="0"]';

/** On a phone the dialog fills the screen: the focus stays inside, and the keyboard does not cover the composer. */
export class FullScreen {
  private readonly query = matchMedia('(max-width: 480px)');
  private readonly gone = new AbortController();

  constructor(private readonly shell: Shell) {
    const { signal } = this.gone;
    const fit = (): void => this.fit();
    this.query.addEventListener('change', fit, { signal });
    // The visual viewport is what the keyboard leaves free; the layout viewport stays as it was.
    window.visualViewport?.addEventListener('resize', fit, { signal });
    window.visualViewport?.addEventListener('scroll', fit, { signal });
    shell.dialog.addEventListener('keydown', (event) => this.keepFocus(event));
  }

  fit(): void {
    const { dialog } = this.shell;
    const viewport = this.query.matches ? window.visualViewport : null;
    dialog.setAttribute('aria-modal', `${this.query.matches}`);
    dialog.style.top = viewport ? `${viewport.offsetTop}px` : '';
    dialog.style.height = viewport ? `${viewport.height}px` : '';
  }

  stop(): void {
    this.gone.abort();
  }

  private keepFocus(event: KeyboardEvent): void {
    if (event.key !== 'Tab' || !this.query.matches) return;
    const { root, dialog } = this.shell;
    const all = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((node) => node.getClientRects().length);
    const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (root.activeElement !== from) return;
    event.preventDefault();
    to?.focus();
  }
}
