import { AppError } from '@app/kernel';
import { addArrayBufferTransfer } from './array-buffer-transfer';
import type { PdfTextItem } from './pdf-lines';

/** What is used of pdf.js (as unpdf packs it), with the types its own declarations leave open. */
export interface PdfDocument {
  readonly numPages: number;
  getPage(number: number): Promise<PdfPage>;
  /** null without scripts. */
  getJSActions(): Promise<object | null>;
  /** null without attached files. */
  getAttachments(): Promise<object | null>;
  getMetadata(): Promise<{ readonly info: object }>;
}

export interface PdfPage {
  /** What is shown of it: left, lower, right, upper, in points. */
  readonly view: readonly number[];
  streamTextContent(): ReadableStream<{ items: readonly (PdfTextItem | { type: string })[] }>;
  getOperatorList(): Promise<{ fnArray: readonly number[]; argsArray: readonly unknown[] }>;
  cleanup(): unknown;
}

/** Numbers of the drawing operators that bear on whether text is shown. */
export interface PdfOperators {
  readonly setTextRenderingMode: number;
  readonly showText: number;
  readonly save: number;
  readonly restore: number;
  readonly paintFormXObjectBegin: number;
  readonly paintFormXObjectEnd: number;
}

/** @throws AppError `document.encrypted`, `document.corrupt` */
export async function openPdf(bytes: Buffer): Promise<PdfDocument> {
  const { getDocumentProxy } = await import('unpdf');
  try {
    return await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, verbosity: 0 });
  } catch (error) {
    const isLocked = error instanceof Error && error.name === 'PasswordException';
    throw new AppError(isLocked ? 'document.encrypted' : 'document.corrupt', { cause: error });
  }
}

export async function pdfOperators(): Promise<PdfOperators> {
  addArrayBufferTransfer();
  const { getResolvedPDFJS } = await import('unpdf');
  return (await getResolvedPDFJS()).OPS;
}
