import { isUtf8 } from 'node:buffer';
import { AppError } from '@app/kernel';
import type { DocumentParser } from '../parsing/document-parser';
import { decodeText } from './decode-text';
import { extensionOf } from './file-name';

export interface IncomingFile {
  /** Already cleaned. */
  readonly fileName: string;
  /** As declared by the sender; empty when it declared nothing. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What senders say when they do not know. */
const NO_CLAIM = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'application/x-unknown']);
/** Formats `file-type` knows that consist of, or begin with, printable characters. */
const TEXTUAL = new Set(['pdf', 'rtf', 'ps', 'eps', 'ai', 'gif', 'ar', 'deb', 'pgp']);
/** Text that a system would run: an interpreter line, or a page that a web server executes. */
const SCRIPT = /^(?:\ufeff)?\s*(?:#!\s*\/|<\?php\b|<%)/i;

/**
 * Decides which parser reads a file, from an allow-list: extension, declared type, magic bytes and structure must all
 * mean the same format. Whatever is not in the list, programs included, is refused (OWASP ASVS 5.0 5.2.2).
 *
 * @throws AppError `document.empty`, `document.type-unsupported`, `document.type-mismatch`, and those of `inspect`
 */
export async function identifyFile(parsers: readonly DocumentParser[], file: IncomingFile): Promise<DocumentParser> {
  const extension = extensionOf(file.fileName);
  const parser = parsers.find(({ format }) => format.extensions.includes(extension));
  if (!parser) throw new AppError('document.type-unsupported', { detail: supportedExtensions(parsers) });
  if (file.bytes.length === 0) throw new AppError('document.empty');
  const { format } = parser;
  const declared = file.mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!NO_CLAIM.has(declared) && !format.mediaTypes.includes(declared)) {
    throw new AppError('document.type-mismatch', { detail: `${declared} is not a type of .${extension} files` });
  }
  await checkMagic(parser, file.bytes);
  if (format.isText && SCRIPT.test(decodeText(file.bytes).slice(0, 200))) throw new AppError('document.type-mismatch');
  await parser.inspect(file.bytes);
  return parser;
}

async function checkMagic({ format }: DocumentParser, bytes: Buffer): Promise<void> {
  const { fileTypeFromBuffer } = await import('file-type');
  if (format.isText && hasByteOrderMark(bytes)) return; // UTF-16 looks like MPEG audio
  // A malformed archive or image can make detection throw; it is then certainly not what its name says.
  const found = await fileTypeFromBuffer(bytes).catch(() => ({ ext: 'malformed' }));
  if (found === undefined ? format.isText : format.magic.includes(found.ext)) return;
  // Two letters make a bitmap ("BMW sells …"): printable text is only another format when that format is text itself.
  if (format.isText && found && !TEXTUAL.has(found.ext) && isPrintable(bytes)) return;
  throw new AppError('document.type-mismatch');
}

function hasByteOrderMark(bytes: Buffer): boolean {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  return mark === 0xfffe || mark === 0xfeff;
}

function isPrintable(bytes: Buffer): boolean {
  return isUtf8(bytes) && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(bytes.toString('latin1'));
}

function supportedExtensions(parsers: readonly DocumentParser[]): string {
  return `Supported: ${parsers.flatMap(({ format }) => format.extensions.map((extension) => `.${extension}`)).join(', ')}`;
}
