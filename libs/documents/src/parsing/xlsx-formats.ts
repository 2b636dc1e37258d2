import { readXml, type XmlAttributes, type XmlHandler } from '../formats/read-xml';

export interface CellStyle {
  /** Number format code (ECMA-376 part 1, 18.8.31). */
  readonly format: string;
  /** White letters on no filling, or letters of up to 2 pt. */
  readonly isHidden: boolean;
}

export const GENERAL = 'General';
/** Codes that files name by number only (ECMA-376 part 1, 18.8.30); the ones missing here are General. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
};
/** Dates of East Asian Excel. */
const isEastAsianDate = (id: number): boolean => (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
const MAX_FORMAT_CHARS = 255;
const UNREADABLE_POINTS = 2;
/** The theme's colour 0 is the background (ECMA-376 part 1, 18.8.3), which is white but in rare themes. */
const isWhite = (rgb: string | undefined, theme: string | undefined): boolean =>
  /^(?:ff)?ffffff$/i.test(rgb ?? '') || theme === '0';

/** `xl/styles.xml` → the style of each index that cells name. */
export async function readStyles(xml: string): Promise<CellStyle[]> {
  const reader = new StyleReader();
  await readXml(xml, reader);
  return reader.styles;
}

class StyleReader implements XmlHandler {
  readonly styles: CellStyle[] = [];
  private readonly formats = new Map<number, string>();
  private readonly fonts: { isFaint: boolean; isTiny: boolean }[] = [];
  private readonly fills: { isFilled: boolean }[] = [];
  /** Names of the open elements; the same ones stand in other lists too, with another meaning. */
  private readonly path: string[] = [];

  open(name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    this.element(this.path.slice(-3).join('/'), attributes);
  }

  close(): void {
    this.path.pop();
  }

  private element(path: string, attributes: XmlAttributes): void {
    const [font, fill] = [this.fonts.at(-1), this.fills.at(-1)];
    if (path.endsWith('numFmts/numFmt')) this.format(attributes);
    else if (path.endsWith('/fonts/font')) this.fonts.push({ isFaint: false, isTiny: false });
    else if (path.endsWith('/fills/fill')) this.fills.push({ isFilled: false });
    else if (path.endsWith('/cellXfs/xf')) this.styles.push(this.styleOf(attributes));
    else if (path === 'fonts/font/sz' && font) font.isTiny = Number(attributes['val']) <= UNREADABLE_POINTS;
    else if (path === 'fonts/font/color' && font) font.isFaint = isWhite(attributes['rgb'], attributes['theme']);
    else if (/^fills\/fill\/(?:pattern|gradient)Fill$/.test(path) && fill)
      fill.isFilled = attributes['patternType'] !== 'none';
  }

  private format({ numFmtId, formatCode = '' }: XmlAttributes): void {
    this.formats.set(Number(numFmtId), formatCode.slice(0, MAX_FORMAT_CHARS));
  }

  private styleOf({ numFmtId = '0', fontId = '0', fillId = '0' }: XmlAttributes): CellStyle {
    const id = Number(numFmtId);
    const font = this.fonts[Number(fontId)];
    const isFilled = this.fills[Number(fillId)]?.isFilled ?? false;
    return {
      format: this.formats.get(id) ?? BUILT_IN[id] ?? (isEastAsianDate(id) ? 'yyyy-mm-dd' : GENERAL),
      isHidden: font !== undefined && (font.isTiny || (font.isFaint && !isFilled)),
    };
  }
}
