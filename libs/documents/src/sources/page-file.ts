import { AppError } from '@app/kernel';
import type { WebContent } from '@app/web-fetch';
import { decodeCharset } from '../formats/decode-text';
import type { DocumentFormat } from '../formats/document-format';
import { cleanFileName, extensionOf } from '../formats/file-name';
import type { IncomingFile } from '../formats/file-identifier';
import { PARSERS } from '../parsing/parser-list';

/** What anything may be sent as: says nothing, and would have archives read that nobody meant. */
const VAGUE = new Set(['application/zip', 'application/msword', 'application/vnd.ms-excel']);
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Media types of pages and files that are read. */
export const ACCEPTED_TYPES: readonly string[] = [
  ...new Set(PARSERS.flatMap(({ format }) => format.mediaTypes).filter((type) => !VAGUE.has(type))),
];

/**
 * A page as the file that intake takes: named after its address, with the extension of what it was sent as.
 * @throws AppError `source.type-refused`
 */
export function fileOf({ url, mediaType, charset, bytes }: WebContent): IncomingFile {
  const { pathname, hostname } = new URL(url);
  const last = decoded(pathname.split('/').filter(Boolean).at(-1) ?? '') || hostname;
  const format = formatOf(mediaType, last);
  const extension = extensionOf(last);
  const isNamed = format.extensions.includes(extension);
  const fileName = cleanFileName(isNamed ? last : `${last}.${format.extensions[0] ?? ''}`);
  return { fileName, mediaType, bytes: format.isText ? inUtf8(bytes, charset) : bytes };
}

function formatOf(mediaType: string, name: string): DocumentFormat {
  const formats = PARSERS.map(({ format }) => format).filter(({ mediaTypes }) => mediaTypes.includes(mediaType));
  const named = formats.find(({ extensions }) => extensions.includes(extensionOf(name)));
  const format = named ?? formats.find(({ mediaTypes }) => mediaTypes[0] === mediaType) ?? formats[0];
  if (!format) throw new AppError('source.type-refused');
  return format;
}

/** What the site says counts more than what the page says (HTML, 13.2.3.2), and a mark counts more than both. */
function inUtf8(bytes: Buffer, charset = 'utf-8'): Buffer {
  if (/^utf-?8$/.test(charset)) return bytes;
  const text = decodeCharset(bytes, charset);
  return text === undefined ? bytes : Buffer.concat([UTF8_MARK, Buffer.from(text)]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
