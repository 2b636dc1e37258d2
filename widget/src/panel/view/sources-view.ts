import type { Citation } from '@app/chat-protocol';
import { el, icon } from '../../dom';
import { fill } from '../locales/load-texts';
import type { Texts } from '../locales/texts';
import { safeHref } from '../markdown/inline';

/** The documents an answer rests on. Each opens to the very words that support it. */
export class SourcesView {
  readonly node = el('div', { class: 'sources', part: 'sources' });
  private readonly byMarker = new Map<number, HTMLDetailsElement>();

  constructor(
    citations: readonly Citation[],
    private readonly texts: Texts,
  ) {
    this.node.append(el('p', { class: 'label' }, texts.sources));
    for (const citation of citations) {
      const entry = this.sourceNode(citation);
      this.byMarker.set(citation.marker, entry);
      this.node.append(entry);
    }
  }

  /** Opens the entry of a marker and puts the focus on it. */
  open(marker: number): void {
    const entry = this.byMarker.get(marker);
    if (!entry) return;
    entry.open = true;
    entry.querySelector('summary')?.focus({ preventScroll: true });
    scrollWithin(entry);
  }

  private sourceNode({ marker, documentTitle, headingPath, page, quote, url }: Citation): HTMLDetailsElement {
    // A document's first heading is often its title.
    const headings = headingPath[0] === documentTitle ? headingPath.slice(1) : headingPath;
    const place = [...headings, ...(page ? [fill(this.texts.page, page)] : [])];
    const summary = el(
      'summary',
      {},
      el('span', { class: 'num' }, `${marker}`),
      el('span', { class: 'name', dir: 'auto' }, documentTitle, el('small', {}, place.join(' › '))),
      icon('M6 9l6 6 6-6'),
    );
    const entry = el('details', { class: 'source', part: 'source' }, summary, el('blockquote', { dir: 'auto' }, quote));
    const href = url ? safeHref(url) : null;
    if (href) {
      const attributes = { href, target: '_blank', rel: 'noopener noreferrer', title: this.texts.newWindow };
      entry.append(el('a', attributes, this.texts.openSource));
    }
    entry.ontoggle = () => entry.open && scrollWithin(entry);
    return entry;
  }
}

/** Scrolls the log alone: `scrollIntoView` would move the page too. */
function scrollWithin(entry: HTMLElement): void {
  const log = entry.closest('.log');
  if (!log) return;
  const { top, bottom } = entry.getBoundingClientRect();
  const frame = log.getBoundingClientRect();
  const below = bottom - frame.bottom + 12;
  const above = top - frame.top - 12;
  if (below > 0 || above < 0) log.scrollTop += above < 0 ? above : Math.min(below, above);
}
