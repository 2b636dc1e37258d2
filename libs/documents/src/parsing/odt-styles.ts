import { readXml, type XmlAttributes } from '../formats/read-xml';

export interface OdtStyle {
  /** `text:display="none"`, or letters of up to 2 pt. */
  readonly isHidden: boolean;
  readonly isTitle: boolean;
}

const TITLES = /^(?:Title|Titel|Titre)$/;
const UNREADABLE_POINTS = 2;

/** Styles by name, with what they take from their parents; and which lists count, by level. */
export class OdtStyles {
  private readonly styles = new Map<string, { parent?: string; display?: string; points?: number }>();
  private readonly numbered = new Map<string, Set<number>>();
  private current: string | undefined;
  private list: string | undefined;

  async read(xml: string): Promise<void> {
    await readXml(xml, {
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => {
        if (name === 'style') this.current = undefined;
      },
    });
  }

  styleOf(name: string | undefined): OdtStyle {
    let display: string | undefined;
    let points: number | undefined;
    let isTitle = false;
    // Inherited from name to name; a ring of names ends after some steps.
    for (let step = 0, at = name; at !== undefined && step < 20; step++) {
      const style = this.styles.get(at);
      display ??= style?.display;
      points ??= style?.points;
      isTitle ||= TITLES.test(at);
      at = style?.parent;
    }
    return { isHidden: display === 'none' || (points ?? 12) <= UNREADABLE_POINTS, isTitle };
  }

  /** @param level 0 outermost */
  isNumbered(list: string | undefined, level: number): boolean {
    return this.numbered.get(list ?? '')?.has(level) ?? false;
  }

  private open(element: string, attributes: XmlAttributes): void {
    const { name, level } = attributes;
    if (element === 'style' && name !== undefined) {
      this.current = name;
      this.styles.set(name, { parent: attributes['parent-style-name'] });
    } else if (element === 'text-properties' && this.current !== undefined) {
      this.textProperties(this.current, attributes);
    } else if (element === 'list-style') {
      this.list = name;
    } else if (element === 'list-level-style-number' && this.list !== undefined && attributes['num-format']) {
      const levels = this.numbered.get(this.list) ?? new Set();
      this.numbered.set(this.list, levels.add(Number(level) - 1));
    }
  }

  private textProperties(style: string, attributes: XmlAttributes): void {
    const size = /^([\d.]+)pt$/.exec(attributes['font-size'] ?? '')?.[1];
    const points = size === undefined ? undefined : Number(size);
    this.styles.set(style, { ...this.styles.get(style), display: attributes['display'], points });
  }
}
