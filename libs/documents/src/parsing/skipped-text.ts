import { isInvisibleStyle } from './inline-style';
import type { SectionBuilder } from './section-builder';

/** Never text for a reader: code and controls. */
const DROPPED = new Set(
  'head title script style noscript template svg math iframe object embed canvas audio video select datalist textarea'.split(
    ' ',
  ),
);
const LINES = new Set('li br p div ul ol tr h1 h2 h3 h4 h5 h6'.split(' '));

/** What becomes of text outside the flow: a section at the end, a section marked hidden, nothing. Later ones win. */
const KINDS = ['navigation', 'hidden', 'dropped'] as const;
type Kind = (typeof KINDS)[number];
export type HtmlAttributes = Readonly<Record<string, string>>;

/** Elements of a page that are not part of its running text, and what is inside them. */
export class SkippedText {
  /** The kind of each open element, from the outermost one that left the flow. */
  private readonly open: Kind[] = [];
  private hidden = '';
  private navigation = '';

  constructor(private readonly sections: SectionBuilder) {}

  get isActive(): boolean {
    return this.open.length > 0;
  }

  /** @returns whether the element is (inside) one that is left out */
  enter(name: string, attributes: HtmlAttributes): boolean {
    const own = kindOf(name, attributes);
    const around = this.open.at(-1);
    if (own === undefined && around === undefined) return false;
    const rank = Math.max(own ? KINDS.indexOf(own) : -1, around ? KINDS.indexOf(around) : -1);
    this.open.push(KINDS[rank] ?? 'dropped');
    if (LINES.has(name)) this.text('\n');
    return true;
  }

  /** @returns whether an element that is left out was closed */
  leave(): boolean {
    if (this.open.pop() === undefined) return false;
    if (this.open.length === 0) {
      this.sections.hidden(this.hidden);
      this.sections.aside(this.navigation);
      this.hidden = '';
      this.navigation = '';
    }
    return true;
  }

  text(data: string): void {
    const kind = this.open.at(-1);
    if (kind === 'hidden') this.hidden += data;
    else if (kind === 'navigation') this.navigation += data;
  }
}

function kindOf(name: string, attributes: HtmlAttributes): Kind | undefined {
  if (DROPPED.has(name)) return 'dropped';
  if (isInvisible(attributes)) return 'hidden';
  return name === 'nav' || attributes['role'] === 'navigation' ? 'navigation' : undefined;
}

function isInvisible(attributes: HtmlAttributes): boolean {
  if (attributes['hidden'] !== undefined && attributes['hidden'] !== 'until-found') return true;
  return attributes['aria-hidden'] === 'true' || isInvisibleStyle(attributes['style'] ?? '');
}
