import { AppError } from '@app/kernel';
import { decodeText } from '../../formats/decode-text';
import type { DocumentFormat } from '../../formats/document-format';
import { DocumentParser } from '../document-parser';
import { delimiterOf } from '../csv-delimiter';
import { GridWriter } from '../grid-writer';
import type { ParsedDocument } from '../parsed-document';
import { SectionBuilder } from '../section-builder';

/** One row: a cell may hold an article. A quotation mark that is never closed makes the rest of the file one cell. */
const MAX_ROW_CHARS = 1_000_000;
/** As many as a sheet has. */
const MAX_COLUMNS = 16_384;

/** Rows with the header above them. What looks like a formula is text here, and stays text. */
export class CsvParser extends DocumentParser {
  readonly format: DocumentFormat = {
    name: 'csv',
    extensions: ['csv', 'tsv'],
    // Windows declares what it would open the file with.
    mediaTypes: [
      'text/csv',
      'application/csv',
      'text/x-csv',
      'text/tab-separated-values',
      'application/vnd.ms-excel',
      'text/plain',
    ],
    isText: true,
    magic: [],
  };

  async inspect(bytes: Buffer): Promise<void> {
    decodeText(bytes);
  }

  async parse(bytes: Buffer): Promise<ParsedDocument> {
    const { parse, CsvError } = await import('csv-parse/sync');
    const { delimiter, rows } = delimiterOf(decodeText(bytes));
    const sections = new SectionBuilder();
    const grid = new GridWriter((text, separator) => sections.block(text, separator));
    const write = (record: readonly string[]): null => {
      if (record.length > MAX_COLUMNS)
        throw new AppError('document.too-complex', { detail: 'A row has too many cells' });
      grid.row(record.map((text, column) => ({ column, text })));
      return null; // nothing is collected
    };
    try {
      parse(rows, {
        delimiter,
        max_record_size: MAX_ROW_CHARS,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: false,
        on_record: write,
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const isTooLong = error.code === 'CSV_MAX_RECORD_SIZE';
      throw new AppError(isTooLong ? 'document.too-complex' : 'document.corrupt', { cause: error });
    }
    grid.end();
    return { sections: sections.build() };
  }
}
