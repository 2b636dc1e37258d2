import type { WidgetConfig } from '@app/chat-protocol';
import { el, icon } from '../../dom';
import type { Entry } from '../entry';
import type { Texts } from '../locales/texts';
import { MessageView } from './message-view';

/** A greeting up to this long is shown large. */
const MAX_LARGE_GREETING_CHARS = 90;
/** Nearer to the end than this, the log follows what is added. */
const FOLLOW_PX = 60;
const QUESTION_GAP_PX = 14;
/** Less than this below is not worth a button. */
const MIN_HIDDEN_PX = 24;

export interface LogActions {
  ask: (question: string) => void;
  retry: (key: string, question: string) => void;
}

/** The log: greeting, starter questions, messages, and what may be asked next. */
export class LogView {
  private readonly greeting = el('p', { class: 'greeting', dir: 'auto' });
  private readonly starters: HTMLElement;
  private readonly messages = el('div', { class: 'messages' });
  private readonly dots: HTMLElement;
  private readonly suggestions: HTMLElement;
  private readonly latest: HTMLButtonElement;
  private readonly views = new Map<string, MessageView>();
  private isFollowing = true;

  constructor(
    private readonly log: HTMLElement,
    private readonly texts: Texts,
    private readonly actions: LogActions,
  ) {
    const label = { class: 'chips', role: 'group', 'aria-label': texts.suggestions };
    this.starters = el('div', { ...label, part: 'starters' });
    this.suggestions = el('div', { ...label, part: 'suggestions' });
    this.dots = el('div', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
    this.dots.hidden = true;
    log.replaceChildren(this.greeting, this.starters, this.messages, this.dots, this.suggestions);
    this.latest = el(
      'button',
      { type: 'button', class: 'latest', 'aria-label': texts.latest },
      icon('M12 5v14M5 12l7 7 7-7'),
    );
    this.latest.hidden = true;
    this.latest.onclick = () => this.toEnd();
    log.after(this.latest);
    log.onscroll = () => this.scrolled();
  }

  configure({ greeting, starterQuestions }: WidgetConfig): void {
    this.greeting.textContent = greeting;
    this.greeting.classList.toggle('large', greeting.length <= MAX_LARGE_GREETING_CHARS);
    this.starters.replaceChildren(...starterQuestions.map((question) => this.chip(question)));
  }

  /** Shows exactly these messages; nodes of those already shown stay. */
  show(entries: readonly Entry[], isThinking: boolean): void {
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, view] of this.views) {
      if (keys.has(key)) continue;
      view.node.remove();
      this.views.delete(key);
    }
    entries.forEach((entry, index) => {
      const view = this.views.get(entry.key) ?? new MessageView(entry, this.texts, this.actions.retry);
      this.views.set(entry.key, view);
      view.update(entry);
      const there = this.messages.children[index];
      if (there !== view.node) this.messages.insertBefore(view.node, there ?? null);
    });
    this.dots.hidden = !isThinking;
    this.starters.hidden = entries.length > 0;
    if (this.isFollowing) this.follow();
    else this.scrolled();
  }

  suggest(questions: readonly string[]): void {
    this.suggestions.replaceChildren(...questions.map((question) => this.chip(question)));
    if (this.isFollowing) this.follow();
  }

  /** Shows the end of the log, but not past the last question: a long answer is read from its beginning. */
  follow(): void {
    const top = this.followTop();
    this.isFollowing = true;
    this.log.scrollTop = top;
    this.latest.hidden = this.log.scrollHeight - top - this.log.clientHeight < MIN_HIDDEN_PX;
  }

  private followTop(): number {
    const { log, messages } = this;
    const question = [...messages.querySelectorAll('.me')].at(-1);
    if (!question) return log.scrollHeight;
    const top = question.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
    return Math.min(top - QUESTION_GAP_PX, log.scrollHeight - log.clientHeight);
  }

  private toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
  }

  private scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const below = scrollHeight - scrollTop - clientHeight;
    this.isFollowing = below < FOLLOW_PX || Math.abs(scrollTop - this.followTop()) < FOLLOW_PX;
    this.latest.hidden = below < MIN_HIDDEN_PX;
  }

  private chip(question: string): HTMLElement {
    const button = el('button', { type: 'button', class: 'chip', dir: 'auto' }, question);
    button.onclick = () => this.actions.ask(question);
    return button;
  }
}
