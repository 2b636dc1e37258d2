import { PDFDocument, PDFName, PDFNumber, type PDFObject, type PDFRef, StandardFonts } from 'pdf-lib';

/** What stands in the list of pages instead of a page. */
export const NO_PAGE = Symbol('no page');

/**
 * A PDF with a page for each text, an empty one for ''. Pages are listed by two, as large files list them by some dozens, so that
 * one that is missing hides none but its neighbour.
 */
export async function writeDamagedPdf(pages: readonly (string | typeof NO_PAGE)[]): Promise<Buffer> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const text of pages) {
    const page = pdf.addPage();
    if (text !== NO_PAGE && text) page.drawText(text, { x: 50, y: 700, size: 11, font });
  }
  await pdf.flush();
  const root = pdf.catalog.Pages();
  const kids = pages.map((text, i) => (text === NO_PAGE ? PDFNumber.of(7) : root.Kids().get(i)));
  const lists: PDFRef[] = [];
  for (let start = 0; start < kids.length; start += 2) lists.push(listOf(pdf, kids.slice(start, start + 2)));
  root.set(PDFName.of('Kids'), pdf.context.obj(lists));
  return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

function listOf({ catalog, context }: PDFDocument, kids: readonly PDFObject[]): PDFRef {
  const root = catalog.get(PDFName.of('Pages'));
  const parent = root ? { Parent: root } : {};
  return context.register(context.obj({ Type: 'Pages', Kids: [...kids], Count: kids.length, ...parent }));
}
