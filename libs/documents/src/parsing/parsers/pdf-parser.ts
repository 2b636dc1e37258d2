import { AppError } from '@app/kernel';
import type { DocumentFormat } from '../../formats/document-format';
import { inspectPdf } from '../../formats/pdf-structure';
import { DocumentParser } from '../document-parser';
import type { ParsedDocument } from '../parsed-document';
import { PartReading } from '../part-reading';
import { PdfLayout } from '../pdf-layout';
import { openPdf, type PdfDocument, type PdfPage } from '../pdf-library';
import { splitHidden } from '../pdf-hidden-text';
import { type PdfLine, type PdfTextItem, toLines } from '../pdf-lines';
import { withoutRunningLines } from '../pdf-running-lines';
import { checkPdfStreams } from '../pdf-stream-guard';
import { writtenTextOf } from '../pdf-written-text';
import { SectionBuilder } from '../section-builder';

/** docs/security.md, document parsers. Reading 50,000 empty pages takes 10 s. */
const MAX_PAGES = 500;
/** Text of a page that nobody could read: it stops here. A dense page has 6,000 characters. */
const MAX_PAGE_ITEMS = 100_000;

export class PdfParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'pdf',
    extensions: ['pdf'],
    mediaTypes: ['application/pdf', 'application/x-pdf'],
    isText: false,
    magic: ['pdf'],
  };

  inspect(bytes: Buffer): Promise<void> {
    return inspectPdf(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const { hasInvisibleText, hasDamage } = checkPdfStreams(bytes);
    const pdf = await openPdf(bytes);
    if (pdf.numPages > MAX_PAGES) {
      throw new AppError('document.too-complex', { detail: `It has more than ${MAX_PAGES} pages` });
    }
    await refuseActive(pdf);
    const sections = new SectionBuilder();
    const reading = new PartReading('page');
    const read = await readPages(pdf, reading, { sections, hasInvisibleText });
    const pages = withoutRunningLines(read);
    for (const [i, lines] of read.entries()) {
      // A page whose content is damaged is read as an empty one.
      if (lines.length === 0) reading.note(i + 1, hasDamage ? 'part.unreadable' : 'part.no-text');
    }
    const notices = reading.notices(pages.some((lines) => lines.length > 0));
    new PdfLayout(pages, sections).write();
    const facts = { title: await titleOf(pdf), pageCount: pdf.numPages, ...(notices && { notices }) };
    return { ...facts, sections: sections.build() };
  }
}

/** The lines of each page. Hidden text goes to `sections`, and what cannot be read is noted. */
async function readPages(
  pdf: PdfDocument,
  reading: PartReading,
  { sections, hasInvisibleText }: { sections: SectionBuilder; hasInvisibleText: boolean },
): Promise<PdfLine[][]> {
  const read: PdfLine[][] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    // Where the list of pages is broken pdf.js counts the page that is missing as the last one.
    const problem = number === pdf.numPages ? 'part.rest-unreadable' : 'part.unreadable';
    const page = await reading.attempt(number, () => pdf.getPage(number), problem);
    const text = page && (await reading.attempt(number, () => readPage(page, hasInvisibleText)));
    read.push(text?.lines ?? []);
    if (text?.hidden) sections.hidden(text.hidden);
  }
  return read;
}

/** All of a page or nothing: of text whose drawing is unknown nobody can tell whether it is shown. */
async function readPage(page: PdfPage, hasInvisibleText: boolean): Promise<{ lines: PdfLine[]; hidden: string }> {
  const items = await textOf(page);
  const written = hasInvisibleText ? await writtenTextOf(page) : [];
  const { shown, hidden } = splitHidden(items, written, page.view);
  page.cleanup();
  return { lines: toLines(shown), hidden };
}

/** The same question `inspectPdf` asked of the bytes, now asked of what the interpreter understood. */
async function refuseActive(pdf: PdfDocument): Promise<void> {
  const [scripts, attachments] = await Promise.all([pdf.getJSActions(), pdf.getAttachments()]);
  const hasAttachments = attachments !== null && Object.keys(attachments).length > 0;
  if (scripts !== null || hasAttachments) throw new AppError('document.active-content');
}

async function textOf(page: PdfPage): Promise<PdfTextItem[]> {
  const items: PdfTextItem[] = [];
  const reader = page.streamTextContent().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return items;
    for (const item of value.items) if ('str' in item) items.push(item);
    if (items.length > MAX_PAGE_ITEMS)
      throw new AppError('document.too-complex', { detail: 'A page holds too much text' });
  }
}

async function titleOf(pdf: PdfDocument): Promise<string | undefined> {
  const { info } = await pdf.getMetadata();
  const title: unknown = 'Title' in info ? info.Title : undefined;
  return typeof title === 'string' ? title : undefined;
}
