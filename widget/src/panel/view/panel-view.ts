import type { ChatProblem, WidgetConfig } from '@app/chat-protocol';
import { el, styleSheet } from '../../dom';
import type { Shell } from '../../shell-contract';
import type { Entry } from '../entry';
import type { LineState } from '../line';
import { fill } from '../locales/load-texts';
import type { Texts } from '../locales/texts';
import { plainText } from '../markdown/plain-text';
import { Announcer } from './announcer';
import { ComposerView } from './composer-view';
import { ConsentView } from './consent-view';
import { duration } from './duration';
import { FullScreen } from './full-screen';
import { LogView } from './log-view';
import { NoticeView } from './notice-view';
import css from './panel.css';
import { applyTheme } from './theme';

/** Limits that others used up. */
const OF_OTHERS = new Set(['limit.embed', 'limit.workspace']);

const SHEET = styleSheet(css);

export interface PanelActions {
  ask: (question: string) => void;
  /** Asks again what was not answered or not sent; `key` is the entry's. */
  retry: (key: string, question: string) => void;
  stop: () => void;
  /** The visitor accepts the disclosure. */
  accept: () => void;
}

/** Everything the visitor sees of the panel. */
export class PanelView {
  private readonly log: LogView;
  private readonly composer: ComposerView;
  private readonly consent: ConsentView;
  private readonly notice: NoticeView;
  private readonly announcer: Announcer;
  private readonly fullScreen: FullScreen;
  private launcherLabel: string;
  private state: LineState | undefined;
  private unread = 0;

  constructor(
    private readonly shell: Shell,
    private readonly texts: Texts,
    actions: PanelActions,
  ) {
    if (!shell.root.adoptedStyleSheets.includes(SHEET)) shell.root.adoptedStyleSheets.push(SHEET);
    this.launcherLabel = shell.launcher.getAttribute('aria-label') ?? '';
    this.announcer = new Announcer(shell.announcer);
    // The pressed button goes with its question; without this the focus would go with it.
    const focusInput = (): void => shell.input.focus({ preventScroll: true });
    this.log = new LogView(shell.log, texts, {
      ask: (question) => (actions.ask(question), focusInput()),
      retry: (key, question) => (actions.retry(key, question), focusInput()),
    });
    this.composer = new ComposerView(shell, texts, actions.stop);
    this.consent = new ConsentView(shell, texts, actions.accept);
    this.notice = new NoticeView(shell.notice, this.announcer.say);
    this.fullScreen = new FullScreen(shell);
    this.notice.hide();
  }

  /** The site's texts and looks have arrived, and whether the visitor must be asked before writing. */
  configure(config: WidgetConfig, isAsking: boolean): void {
    const { shell } = this;
    applyTheme(shell, config);
    this.launcherLabel = shell.settings.launcherLabel ?? config.launcherLabel ?? this.launcherLabel;
    this.consent.show(isAsking, config.aiDisclosure);
    shell.title.textContent = config.title;
    shell.footer.textContent = config.aiDisclosure;
    this.log.configure(config);
    this.composer.limit(config.maxMessageChars);
    this.setUnread(this.unread);
  }

  opened(): void {
    this.setUnread(0);
    this.fullScreen.fit();
    this.log.follow();
  }

  show(entries: readonly Entry[], { isThinking, isAnswering }: { isThinking: boolean; isAnswering: boolean }): void {
    this.log.show(entries, isThinking);
    this.composer.answering(isAnswering);
  }

  /** The visitor sent something: the log shows its end, and old suggestions go. */
  sent(): void {
    this.log.suggest([]);
    this.log.follow();
  }

  suggest(questions: readonly string[]): void {
    this.log.suggest(questions);
  }

  /** The line below the title. A loss is announced, and so is its end. */
  setStatus(state: LineState): void {
    const before = this.state;
    if (state === before) return;
    this.state = state;
    const text = state === 'online' ? this.texts.assistant : this.texts[state];
    this.shell.status.textContent = text;
    this.shell.status.className = `status ${state}`;
    this.composer.setAvailable(state !== 'unavailable');
    if (state !== 'connecting' && (state !== 'online' || before !== 'connecting')) this.announcer.say(text);
  }

  setUnread(count: number): void {
    this.unread = count;
    const { launcher } = this.shell;
    launcher.querySelector('.badge')?.remove();
    launcher.setAttribute('aria-label', this.launcherLabel + (count ? ` (${count})` : ''));
    if (count) launcher.append(el('span', { class: 'badge' }, `${count}`));
  }

  /** A pause the server asked for, counted down. */
  pause({ code }: ChatProblem, seconds: number): void {
    const { busy, crowded, limited } = this.texts;
    if (code === 'conversation.busy') return this.notice.show(busy);
    const text = OF_OTHERS.has(code) ? crowded : limited;
    this.notice.count(seconds, (left) => fill(text, duration(left, this.shell.settings.locale)));
  }

  remaining(count: number): void {
    this.notice.show(fill(this.texts.remaining, count));
  }

  tooLong(): void {
    this.notice.show(this.texts.tooLong);
  }

  /** The server wants to know first that the disclosure was accepted. */
  acceptFirst(): void {
    this.notice.show(this.texts.acceptFirst);
  }

  clearNotice(): void {
    this.notice.hide();
  }

  announceAnswering(): void {
    this.announcer.say(this.texts.answering);
  }

  /** Said once, when it is whole. */
  announceMessage({ author, outcome, text }: Pick<Entry, 'author' | 'outcome' | 'text'>): void {
    const speaker = author === 'agent' ? this.texts.support : this.texts.assistant;
    const failure = outcome === 'failed' ? `\n${this.texts.failed}` : '';
    this.announcer.say(`${speaker}: ${plainText(text)}${failure}`);
  }

  destroy(): void {
    this.announcer.stop();
    this.notice.hide();
    this.fullScreen.stop();
    this.setUnread(0);
  }
}
