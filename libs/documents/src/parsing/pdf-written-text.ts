import type { WrittenText } from './pdf-hidden-text';
import { type PdfPage, pdfOperators } from './pdf-library';

/** ISO 32000-1, 9.3.6: neither fill nor stroke. */
const INVISIBLE_MODE = 3;

/** What a page writes and how, as the interpreter would hand it to a canvas. Text extraction does not tell. */
export async function writtenTextOf(page: PdfPage): Promise<WrittenText[]> {
  const operators = await pdfOperators();
  const { fnArray, argsArray } = await page.getOperatorList();
  const written: WrittenText[] = [];
  const saved: boolean[] = [];
  let isInvisible = false;
  fnArray.forEach((operator, i) => {
    const [argument] = argumentsOf(argsArray[i]);
    if (operator === operators.setTextRenderingMode) isInvisible = argument === INVISIBLE_MODE;
    else if (operator === operators.save || operator === operators.paintFormXObjectBegin) saved.push(isInvisible);
    else if (operator === operators.restore || operator === operators.paintFormXObjectEnd)
      isInvisible = saved.pop() ?? false;
    else if (operator === operators.showText) written.push({ text: unicodeOf(argument), isInvisible });
  });
  return written;
}

const argumentsOf = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);

function unicodeOf(glyphs: unknown): string {
  if (!Array.isArray(glyphs)) return '';
  return glyphs
    .map((glyph: unknown) => (typeof glyph === 'object' && glyph && 'unicode' in glyph ? String(glyph.unicode) : ''))
    .join('');
}
