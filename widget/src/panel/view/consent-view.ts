import { el } from '../../dom';
import type { Shell } from '../../shell-contract';
import type { Texts } from '../locales/texts';

/** Takes the composer's place until the visitor has accepted that a machine answers. */
export class ConsentView {
  private readonly text = el('p', { id: 'd', dir: 'auto' });
  private readonly button: HTMLButtonElement;
  private readonly node: HTMLElement;

  constructor(
    private readonly shell: Shell,
    texts: Texts,
    accept: () => void,
  ) {
    this.button = el('button', { type: 'button', class: 'send', 'aria-describedby': 'd' }, texts.accept);
    this.button.onclick = accept;
    this.node = el('div', { class: 'consent', part: 'consent' }, this.text, this.button);
  }

  /** Asks, or is done with asking. The focus stays within the dialog. */
  show(isAsking: boolean, disclosure: string): void {
    const { dialog, root, form, input } = this.shell;
    const { activeElement } = root;
    this.text.textContent = disclosure;
    if (isAsking) form.before(this.node);
    dialog.classList.toggle('asks', isAsking);
    if (isAsking && form.contains(activeElement)) this.button.focus({ preventScroll: true });
    else if (!isAsking && activeElement === this.button) input.focus({ preventScroll: true });
    if (!isAsking) this.node.remove();
  }
}
