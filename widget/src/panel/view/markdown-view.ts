import type { Citation } from '@app/chat-protocol';
import { el } from '../../dom';
import { fill } from '../locales/load-texts';
import type { Texts } from '../locales/texts';
import { type Block, type List, parseBlocks } from '../markdown/blocks';
import { type Inline, parseInline } from '../markdown/inline';

/**
 * An answer as nodes, made while it is being written. Only the last block can still change, so every block before it is
 * made once and stays; a long answer costs no more per piece than a short one. There is no HTML anywhere.
 */
export class MarkdownView {
  readonly node = el('div', { class: 'text', dir: 'auto' });
  private text = '';
  /** Where the last, unfinished block begins. */
  private openAt = 0;
  private openNode: Node | undefined;

  constructor(
    private readonly texts: Texts,
    private readonly openSource: (marker: number) => void,
  ) {}

  update(text: string): void {
    if (text === this.text) return;
    if (!text.startsWith(this.text)) this.reset();
    this.text = text;
    const blocks = parseBlocks(text.slice(this.openAt));
    if (this.openNode) this.node.removeChild(this.openNode);
    for (const { block } of blocks) this.openNode = this.node.appendChild(this.blockNode(block));
    this.openAt += blocks.at(-1)?.at ?? 0;
  }

  /** The answer is whole: markers with a source become buttons, any other was only text. */
  finish(citations: readonly Citation[]): void {
    for (const mark of this.node.querySelectorAll('.cite')) {
      const marker = Number(mark.textContent);
      const source = citations.find((citation) => citation.marker === marker);
      mark.replaceWith(source ? this.citeButton(source) : `[${marker}]`);
    }
  }

  private reset(): void {
    this.node.replaceChildren();
    this.openAt = 0;
    this.openNode = undefined;
  }

  private citeButton({ marker, documentTitle }: Citation): HTMLElement {
    const label = `${fill(this.texts.source, marker)}: ${documentTitle}`;
    const button = el('button', { type: 'button', class: 'cite', part: 'citation', 'aria-label': label }, `${marker}`);
    button.onclick = () => this.openSource(marker);
    return button;
  }

  private blockNode(block: Block): HTMLElement {
    if ('items' in block) return this.listNode(block);
    if (block.type === 'pre') return el('pre', { tabindex: 0, dir: 'ltr' }, el('code', {}, block.text));
    return el('p', block.type === 'h' ? { class: 'h' } : {}, ...this.inlineNodes(parseInline(block.text)));
  }

  private listNode({ type, start, items }: List): HTMLElement {
    const nodes = items.map((item) =>
      el('li', {}, ...this.inlineNodes(parseInline(item.text)), ...item.lists.map((list) => this.listNode(list))),
    );
    return el(type, start === 1 ? {} : { start }, ...nodes);
  }

  private inlineNodes(parts: Inline[]): (Node | string)[] {
    const nodes: (Node | string)[] = [];
    for (const part of parts) {
      if (typeof part !== 'string' && part.type === 'cite') addCite(nodes, part.marker);
      else nodes.push(this.inlineNode(part));
    }
    return nodes;
  }

  private inlineNode(part: Exclude<Inline, { type: 'cite' }>): Node | string {
    if (typeof part === 'string') return part;
    switch (part.type) {
      case 'code':
        return el('code', { dir: 'ltr' }, part.text);
      case 'link':
        return this.linkNode(part.href, part.children);
      default:
        return el(part.type, {}, ...this.inlineNodes(part.children));
    }
  }

  private linkNode(href: string, children: Inline[]): HTMLElement {
    const attributes = { href, target: '_blank', rel: 'noopener noreferrer nofollow ugc', title: this.texts.newWindow };
    return el('a', attributes, ...this.inlineNodes(children));
  }
}

/** Puts a marker and the end of the word before it on one line; browsers break lines beside a button even after U+202F. */
function addCite(nodes: (Node | string)[], marker: number): void {
  const cite = el('span', { class: 'cite' }, `${marker}`);
  const before = nodes.at(-1);
  if (before instanceof HTMLElement && before.className === 'keep') return before.append(cite);
  const word = typeof before === 'string' ? (/\S{0,8}\s*$/.exec(before)?.[0] ?? '') : '';
  if (typeof before === 'string') nodes[nodes.length - 1] = before.slice(0, before.length - word.length);
  nodes.push(el('span', { class: 'keep' }, word, cite));
}
