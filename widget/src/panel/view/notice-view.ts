import { el } from '../../dom';

/** The line above the composer: limits with a countdown, and errors. It is announced once, not every second. */
export class NoticeView {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly announce: (text: string) => void,
  ) {}

  show(text: string): void {
    this.hide();
    this.place.replaceChildren(el('p', { class: 'notice', part: 'notice' }, text));
    this.announce(text);
  }

  /** Counts down to zero and goes. `textOf` gets the seconds that are left. */
  count(seconds: number, textOf: (left: number) => string): void {
    const until = Date.now() + seconds * 1000;
    const left = (): number => Math.max(0, Math.ceil((until - Date.now()) / 1000));
    this.show(textOf(left()));
    const line = this.place.firstElementChild;
    this.timer = setInterval(() => {
      if (!left()) this.hide();
      else if (line) line.textContent = textOf(left());
    }, 1000);
  }

  hide(): void {
    clearInterval(this.timer);
    this.place.replaceChildren();
  }
}
