import { colourOf, isUnseen, WHITE } from './colours';
import { readXml, type XmlAttributes } from '../formats/read-xml';

export interface OdtStyle {
  /** `text:display="none"`, or letters of up to 2 pt. */
  readonly isHidden: boolean;
  readonly isTitle: boolean;
  /** Of the letters; undefined where what is around decides. */
  readonly colour: string | undefined;
  /** Behind the letters; `unknown` for pictures and gradients, undefined where what is around decides. */
  readonly backdrop: string | undefined;
}

interface OwnProperties {
  parent?: string;
  display?: string;
  points?: number;
  colour?: string;
  backdrop?: string;
}

const TITLES = /^(?:Title|Titel|Titre)$/;
const UNREADABLE_POINTS = 2;
/** Where a style says what lies behind text. */
const BACKDROPS = new Set(
  'paragraph-properties table-cell-properties table-row-properties table-properties section-properties'.split(' '),
);

/** Styles by name, with what they take from their parents; and which lists count, by level. */
export class OdtStyles {
  private readonly styles = new Map<string, OwnProperties>();
  private readonly numbered = new Map<string, Set<number>>();
  private current: string | undefined;
  private list: string | undefined;
  private pageBackdrop: string | undefined;

  async read(xml: string): Promise<void> {
    await readXml(xml, {
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => {
        if (name === 'style') this.current = undefined;
      },
    });
  }

  styleOf(name: string | undefined): OdtStyle {
    let own: OwnProperties = {};
    let isTitle = false;
    // Inherited from name to name; a ring of names ends after some steps.
    for (let step = 0, at = name; at !== undefined && step < 20; step++) {
      const style: OwnProperties = this.styles.get(at) ?? {};
      own = inherit(own, style);
      isTitle ||= TITLES.test(at);
      at = style.parent;
    }
    const isHidden = own.display === 'none' || (own.points ?? 12) <= UNREADABLE_POINTS;
    return { isHidden, isTitle, colour: own.colour, backdrop: own.backdrop };
  }

  /** Of the pages; `unknown` when they are not all white. */
  get page(): string {
    return this.pageBackdrop ?? WHITE;
  }

  /** @param level 0 outermost */
  isNumbered(list: string | undefined, level: number): boolean {
    return this.numbered.get(list ?? '')?.has(level) ?? false;
  }

  private open(element: string, attributes: XmlAttributes): void {
    const { name, level } = attributes;
    this.readPage(element, attributes);
    if (element === 'style' && name !== undefined) {
      this.current = name;
      this.styles.set(name, { parent: attributes['parent-style-name'] });
    } else if (element === 'text-properties' && this.current !== undefined) {
      this.textProperties(this.current, attributes);
      this.backdropProperties(this.current, attributes);
    } else if (BACKDROPS.has(element) && this.current !== undefined) {
      this.backdropProperties(this.current, attributes);
    } else if (element === 'list-style') {
      this.list = name;
    } else if (element === 'list-level-style-number' && this.list !== undefined && attributes['num-format']) {
      const levels = this.numbered.get(this.list) ?? new Set();
      this.numbered.set(this.list, levels.add(Number(level) - 1));
    }
  }

  /** White letters may stand on what fills the page, or on a picture behind the text. */
  private readPage(element: string, attributes: XmlAttributes): void {
    const backdrop = element === 'page-layout-properties' ? backdropOf(attributes) : undefined;
    const isFilled = backdrop !== undefined && !isUnseen(backdrop, WHITE);
    const isBehind = attributes['run-through'] === 'background';
    const isPicture = element === 'background-image' && attributes['href'] !== undefined;
    if (isPicture && this.current !== undefined) this.change(this.current, { backdrop: 'unknown' });
    else if (isFilled || isBehind || isPicture) this.pageBackdrop = 'unknown';
  }

  private textProperties(style: string, attributes: XmlAttributes): void {
    const size = /^([\d.]+)pt$/.exec(attributes['font-size'] ?? '')?.[1];
    const points = size === undefined ? undefined : Number(size);
    this.styles.set(style, { ...this.styles.get(style), display: attributes['display'], points });
    const colour = attributes['use-window-font-color'] === 'true' ? 'auto' : colourOf(attributes['color']);
    if (colour !== undefined) this.change(style, { colour });
  }

  private backdropProperties(style: string, attributes: XmlAttributes): void {
    const backdrop = backdropOf(attributes);
    if (backdrop !== undefined) this.change(style, { backdrop });
  }

  private change(style: string, properties: OwnProperties): void {
    this.styles.set(style, { ...this.styles.get(style), ...properties });
  }
}

const inherit = (own: OwnProperties, parent: OwnProperties): OwnProperties => ({
  display: own.display ?? parent.display,
  points: own.points ?? parent.points,
  colour: own.colour ?? parent.colour,
  backdrop: own.backdrop ?? parent.backdrop,
});

function backdropOf(attributes: XmlAttributes): string | undefined {
  const fill = attributes['fill'] ?? 'none';
  if (fill !== 'none' && fill !== 'solid') return 'unknown'; // a gradient, a hatch, a picture
  return (
    colourOf(attributes['background-color']) ??
    (fill === 'solid' ? (colourOf(attributes['fill-color']) ?? 'unknown') : undefined)
  );
}
