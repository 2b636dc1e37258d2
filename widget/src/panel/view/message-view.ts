import type { AnswerOutcome } from '@app/chat-protocol';
import { el, icon } from '../../dom';
import type { Entry } from '../entry';
import type { Texts } from '../locales/texts';
import { MarkdownView } from './markdown-view';
import { SourcesView } from './sources-view';

const WARNING = 'M12 8v5m0 3.5h0M10.3 4 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0z';
const NOTHING_FOUND = 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 5 5M8.8 8.8l4.4 4.4m0-4.4-4.4 4.4';
const STOPPED = 'M8 8h8v8H8z';

/** One message in the log. Its node stays the same while the message is sent, streamed and finished. */
export class MessageView {
  readonly node: HTMLElement;
  private readonly tail = el('div');
  private readonly markdown: MarkdownView | undefined;
  private readonly bubble: HTMLElement;
  private shown: Entry | undefined;
  private sources: SourcesView | undefined;

  constructor(
    { author }: Entry,
    private readonly texts: Texts,
    private readonly retry: (key: string, question: string) => void,
  ) {
    const speaker = { visitor: texts.you, assistant: texts.assistant, agent: texts.support, system: '' }[author];
    if (author === 'assistant') this.markdown = new MarkdownView(texts, (marker) => this.sources?.open(marker));
    const kind = author === 'visitor' ? 'me' : author;
    this.bubble = this.markdown?.node ?? el('div', { dir: 'auto' });
    this.bubble.classList.add('bubble');
    const name = el('span', { class: author === 'agent' ? 'label' : 'live' }, speaker && `${speaker}: `);
    this.node = el('div', { class: `msg ${kind}`, part: `message message-${author}` }, name, this.bubble, this.tail);
  }

  update(entry: Entry): void {
    const { text, state, outcome, citations } = entry;
    const last = this.shown;
    if (last && last.text === text && last.state === state && last.outcome === outcome) return;
    this.shown = entry;
    this.node.classList.toggle('sending', state === 'sending');
    this.node.classList.toggle('streaming', state === 'streaming');
    if (this.markdown) this.markdown.update(text);
    else this.bubble.textContent = text;
    if (state === 'streaming' || state === 'sending') return;
    this.markdown?.finish(citations);
    this.node.classList.toggle('refused', outcome === 'refused');
    this.sources = citations.length ? new SourcesView(citations, this.texts) : undefined;
    this.tail.replaceChildren(...this.labels(entry), ...(this.sources ? [this.sources.node] : []));
  }

  private labels({ key, state, outcome, retryText }: Entry): Node[] {
    const label = state === 'refused' ? this.label(WARNING, this.texts.notSent) : this.outcomeLabel(outcome);
    if (!label) return [];
    if (retryText) {
      const button = el('button', { type: 'button', class: 'again' }, this.texts.retry);
      button.onclick = () => this.retry(key, retryText);
      label.append(button);
    }
    return [label];
  }

  private outcomeLabel(outcome: AnswerOutcome | undefined): HTMLElement | undefined {
    switch (outcome) {
      case 'refused':
        return this.label(NOTHING_FOUND, this.texts.notFound);
      case 'stopped':
        return this.label(STOPPED, this.texts.stopped);
      case 'failed':
        return this.label(WARNING, this.texts.failed);
      default:
        return undefined;
    }
  }

  private label(path: string, text: string): HTMLElement {
    return el('p', { class: 'label' }, icon(path), el('span', {}, text));
  }
}
