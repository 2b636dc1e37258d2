import type { DocumentFormat } from '../formats/document-format';
import type { ParsedDocument } from './parsed-document';

/**
 * Reads one kind of file. Adding a kind is one file with such a class and one line in `parser-list.ts`.
 *
 * `inspect` runs in the server at upload, on bytes that nobody has checked: it must be cheap and bounded.
 * `parse` runs in a child process with limits on time, memory and output; it may trust what `inspect` promised, and
 * should import its library inside, so that the server never loads it.
 */
export abstract class DocumentParser {
  abstract readonly format: DocumentFormat;

  /**
   * Resolves when the structure is sound and holds nothing active.
   * @throws AppError `document.type-mismatch`, `.corrupt`, `.encrypted`, `.active-content`, `.archive-unsafe`
   */
  abstract inspect(bytes: Buffer): Promise<void>;

  /** @throws AppError with a `document.*` code; anything else counts as `document.corrupt` */
  abstract parse(bytes: Buffer): Promise<ParsedDocument>;
}
