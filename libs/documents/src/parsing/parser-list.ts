import type { DocumentParser } from './document-parser';
import { CsvParser } from './parsers/csv-parser';
import { DocxParser } from './parsers/docx-parser';
import { EpubParser } from './parsers/epub-parser';
import { HtmlParser } from './parsers/html-parser';
import { MarkdownParser } from './parsers/markdown-parser';
import { OdtParser } from './parsers/odt-parser';
import { PdfParser } from './parsers/pdf-parser';
import { PptxParser } from './parsers/pptx-parser';
import { RtfParser } from './parsers/rtf-parser';
import { TextParser } from './parsers/text-parser';
import { XlsxParser } from './parsers/xlsx-parser';

/** Every kind of file the product reads. A new kind is one line here; the server and the child process both use it. */
export const PARSERS: readonly DocumentParser[] = [
  new PdfParser(),
  new DocxParser(),
  new PptxParser(),
  new XlsxParser(),
  new OdtParser(),
  new EpubParser(),
  new RtfParser(),
  new CsvParser(),
  new HtmlParser(),
  new MarkdownParser(),
  new TextParser(),
];
