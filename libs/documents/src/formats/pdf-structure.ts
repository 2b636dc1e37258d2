import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { AppError } from '@app/kernel';
import { isTooLarge } from './is-too-large';

const inflateAsync = promisify(inflate);

/** A name in PDF may spell any of its characters as `#hh` (ISO 32000-1, 7.3.5). */
const spelled = (name: string): string =>
  [...name]
    .map(
      (c) =>
        `(?:${c}|#${c
          .charCodeAt(0)
          .toString(16)
          .replace(/[a-f]/g, (h) => `[${h}${h.toUpperCase()}]`)})`,
    )
    .join('');
const nameOf = (...names: string[]): RegExp => new RegExp(`/(?:${names.map(spelled).join('|')})(?![\\w#.-])`);

const ENCRYPT = nameOf('Encrypt');
/** Code, programs and files inside the document (ISO 32000-1, 12.6.4 and 7.11.4). */
const ACTIVE = nameOf('JavaScript', 'Launch', 'EmbeddedFile', 'RichMedia', 'ImportData');
/** What must not happen by opening the document; a link that a person clicks is fine. */
const OPENING = /\/(?:OpenAction|AA)\s{0,8}(?:<<|(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}R)/g;
const MAX_OPENINGS = 10_000;
const REACHES_OUT = nameOf('URI', 'SubmitForm', 'GoToR', 'GoToE');
const OBJECT_STREAM = nameOf('ObjStm');

const ZIP_END = Buffer.from('PK\u0005\u0006');
/** Writers add a line or some padding after the end mark, not another file. */
const MAX_TRAILING_BYTES = 4096;
/** Objects are small: text, numbers, names. These bound what a hostile one costs. */
const MAX_OBJECT_STREAM_BYTES = 8 * 1024 * 1024;
const MAX_OBJECTS_BYTES = 32 * 1024 * 1024;
const MAX_OBJECT_STREAMS = 500;
/** Each is looked at in the server's own thread, whether it holds objects or not. */
const MAX_STREAMS = 100_000;
const MAX_DICTIONARY_CHARS = 1000;

/**
 * What can be told about a PDF without interpreting it: it is whole, not encrypted, not a second kind of file as well,
 * and holds no code, program or attached file. Also looks into compressed object streams.
 *
 * @throws AppError `document.type-mismatch`, `document.corrupt`, `document.encrypted`, `document.active-content`
 */
export async function inspectPdf(bytes: Buffer): Promise<void> {
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new AppError('document.type-mismatch');
  const end = bytes.lastIndexOf('%%EOF');
  if (end === -1) throw new AppError('document.corrupt', { detail: 'The end of the file is missing' });
  if (bytes.includes(ZIP_END, end) || bytes.length - end > MAX_TRAILING_BYTES) {
    throw new AppError('document.type-mismatch', { detail: 'Something else follows the PDF in the same file' });
  }
  const source = bytes.toString('latin1');
  if (ENCRYPT.test(source)) throw new AppError('document.encrypted');
  refuseActive(source);
  for await (const objects of objectStreams(bytes, source)) refuseActive(objects);
}

function refuseActive(source: string): void {
  if (ACTIVE.test(source)) throw new AppError('document.active-content');
  let offsets: Map<string, number> | undefined;
  let seen = 0;
  for (const { 1: number, 2: generation, index } of source.matchAll(OPENING)) {
    if (++seen > MAX_OPENINGS) throw new AppError('document.too-complex');
    if (number !== undefined) offsets ??= objectOffsets(source);
    const start = number === undefined ? index : offsets?.get(`${number} ${generation}`);
    if (start !== undefined && REACHES_OUT.test(dictionaryAt(source, start))) {
      throw new AppError('document.active-content');
    }
  }
}

function dictionaryAt(source: string, start: number): string {
  const near = source.slice(start, start + MAX_DICTIONARY_CHARS);
  const end = near.indexOf('>>');
  return end === -1 ? near : near.slice(0, end);
}

/** Built once a file: looking up each reference by itself would be quadratic. */
function objectOffsets(source: string): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const match of source.matchAll(/(?<!\d)(\d{1,10})\s{1,4}(\d{1,5})\s{1,4}obj/g)) {
    offsets.set(`${match[1]} ${match[2]}`, match.index);
  }
  return offsets;
}

async function* objectStreams(bytes: Buffer, source: string): AsyncGenerator<string> {
  let seen = 0;
  let total = 0;
  let streams = 0;
  for (const { index } of source.matchAll(/(?<!end)stream\r?\n/g)) {
    if (++streams > MAX_STREAMS) throw new AppError('document.too-complex');
    const before = source.slice(Math.max(0, index - MAX_DICTIONARY_CHARS), index);
    if (!OBJECT_STREAM.test(before.slice(before.lastIndexOf(' obj') + 1))) continue;
    if (++seen > MAX_OBJECT_STREAMS) throw new AppError('document.too-complex');
    const start = bytes.indexOf(10, index) + 1;
    const end = bytes.indexOf('endstream', start);
    const body = bytes.subarray(start, end === -1 ? undefined : end);
    const objects = await inflateAsync(body, { maxOutputLength: MAX_OBJECT_STREAM_BYTES }).catch((error: unknown) => {
      if (isTooLarge(error)) throw new AppError('document.archive-unsafe');
      return Buffer.alloc(0); // another filter, or damaged: the interpreter looks again in the child process
    });
    total += objects.length;
    if (total > MAX_OBJECTS_BYTES) throw new AppError('document.archive-unsafe');
    yield objects.toString('latin1');
  }
}
