import { icon } from '../../dom';
import type { Shell } from '../../shell-contract';
import type { Texts } from '../locales/texts';

const STOP = 'M8 8h8v8H8z';

/** The text field and its button, which stops an answer while one is written and nothing is typed. */
export class ComposerView {
  private readonly sendIcon: Node[];
  private readonly sendLabel: string | null;
  private readonly stopIcon = icon(STOP);
  private isAnswering = false;
  private isStop = false;

  constructor(
    private readonly shell: Shell,
    private readonly texts: Texts,
    stop: () => void,
  ) {
    const { input, sendButton } = shell;
    this.sendIcon = [...sendButton.childNodes];
    this.sendLabel = sendButton.getAttribute('aria-label');
    input.addEventListener('input', () => this.typed());
    shell.form.addEventListener('submit', () => this.typed());
    sendButton.onclick = (event) => {
      if (!this.isStop) return;
      event.preventDefault();
      stop();
    };
  }

  limit(maxChars: number): void {
    this.shell.input.maxLength = maxChars;
  }

  /** While an answer is written the button stops it. */
  answering(isAnswering: boolean): void {
    this.isAnswering = isAnswering;
    this.paint();
  }

  setAvailable(isAvailable: boolean): void {
    const { form, root, closeButton } = this.shell;
    // The focus would go with the form, and with it the way to close by Esc.
    if (!isAvailable && form.contains(root.activeElement)) closeButton.focus({ preventScroll: true });
    form.hidden = !isAvailable;
  }

  private typed(): void {
    const { input } = this.shell;
    // Browsers without `field-sizing` need the height of the text.
    input.style.height = '';
    if (input.scrollHeight > input.clientHeight) input.style.height = `${input.scrollHeight}px`;
    this.paint();
  }

  private paint(): void {
    const { input, sendButton } = this.shell;
    const isStop = this.isAnswering && !input.value.trim();
    if (isStop === this.isStop) return;
    this.isStop = isStop;
    sendButton.replaceChildren(...(isStop ? [this.stopIcon] : this.sendIcon));
    sendButton.setAttribute('aria-label', isStop ? this.texts.stop : (this.sendLabel ?? ''));
    sendButton.classList.toggle('stop', isStop);
  }
}
