import { readXml } from '../formats/read-xml';
import { addProperty, type DocxLook } from './docx-look';

const MAX_STEPS = 20;

/** What the styles of a Word file say about whether text can be read, with what they take from their parents. */
export class DocxStyles {
  private readonly styles = new Map<string, { look: DocxLook; parent?: string }>();
  private readonly defaults: DocxLook = {};
  private defaultParagraph: string | undefined;

  async read(xml: string): Promise<void> {
    const path: string[] = [];
    let current: { look: DocxLook; parent?: string } | undefined;
    await readXml(xml, {
      open: (name, attributes) => {
        if (name === 'style') current = this.start(attributes);
        else if (name === 'basedOn' && current) current.parent = attributes['w:val'];
        else if (/^(?:rPr|pPr)$/.test(path.at(-1) ?? '')) {
          if (current) addProperty(current.look, `w:${name}`, attributes);
          else if (path.includes('rPrDefault')) addProperty(this.defaults, `w:${name}`, attributes);
        }
        path.push(name);
      },
      close: (name) => {
        path.pop();
        if (name === 'style') current = undefined;
      },
    });
  }

  /** @param style of the paragraph; its default when undefined */
  ofParagraph(style: string | undefined): DocxLook {
    return { ...this.defaults, ...this.ofRun(style ?? this.defaultParagraph) };
  }

  ofRun(style: string | undefined): DocxLook {
    let look: DocxLook = {};
    // Inherited from name to name; a ring of names ends after some steps.
    for (let step = 0, at = style; at !== undefined && step < MAX_STEPS; step++) {
      const found = this.styles.get(at);
      look = { ...found?.look, ...look };
      at = found?.parent;
    }
    return look;
  }

  private start(attributes: Readonly<Record<string, string>>): { look: DocxLook; parent?: string } {
    const id = attributes['w:styleId'] ?? '';
    const style = { look: {} };
    this.styles.set(id, style);
    if (attributes['w:type'] === 'paragraph' && /^(?:1|true|on)$/.test(attributes['w:default'] ?? '')) {
      this.defaultParagraph = id;
    }
    return style;
  }
}
