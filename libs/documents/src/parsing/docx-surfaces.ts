import { colourOf, WHITE } from './colours';
import { addProperty, type Backdrop, type DocxLook, shadingOf } from './docx-look';

type Attributes = Readonly<Record<string, string>>;

/** What lies behind the text of a Word file where one is reading: the page, a cell, a text box, the paragraph. */
export class DocxSurfaces {
  private page: Backdrop;
  private readonly stack: Backdrop[] = [];
  private readonly paragraphs: { style?: string; look: DocxLook }[] = [];

  /** @param hasPictureBehind whether a picture lies behind the text somewhere: white letters may stand on it */
  constructor(hasPictureBehind: boolean) {
    this.page = hasPictureBehind ? 'unknown' : WHITE;
  }

  /** Of the innermost paragraph. */
  get paragraphStyle(): string | undefined {
    return this.paragraphs.at(-1)?.style;
  }

  /** @param paragraph what the paragraph's style says */
  backdrop(paragraph: DocxLook): Backdrop {
    return this.paragraphs.at(-1)?.look.backdrop ?? paragraph.backdrop ?? this.around();
  }

  /** @param parent the element around the one that opens */
  open(name: string, parent: string | undefined, attributes: Attributes): void {
    if (name === 'w:p') this.paragraphs.push({ look: {} });
    else if (name === 'w:tbl' || name === 'w:tc') this.stack.push(this.around());
    else if (name === 'w:txbxContent')
      this.stack.push('unknown'); // shapes have fillings
    else if (name === 'w:background') this.page = colourOf(attributes['w:color']) ?? 'unknown';
    else if (parent === 'w:pPr') this.paragraphProperty(name, attributes);
    else if (parent === 'w:tblPr' || parent === 'w:tcPr') this.cellProperty(name, attributes);
  }

  close(name: string): void {
    if (name === 'w:p') this.paragraphs.pop();
    else if (name === 'w:tbl' || name === 'w:tc' || name === 'w:txbxContent') this.stack.pop();
  }

  private around(): Backdrop {
    return this.stack.at(-1) ?? this.page;
  }

  private paragraphProperty(name: string, attributes: Attributes): void {
    const paragraph = this.paragraphs.at(-1);
    if (!paragraph) return;
    if (name === 'w:pStyle') paragraph.style = attributes['w:val'];
    else if (name === 'w:shd') addProperty(paragraph.look, name, attributes);
  }

  /** A table's style may fill some of its cells. */
  private cellProperty(name: string, attributes: Attributes): void {
    if (name === 'w:tblStyle') this.stack.splice(-1, 1, 'unknown');
    if (name === 'w:shd') this.stack.splice(-1, 1, shadingOf(attributes) ?? this.around());
  }
}
