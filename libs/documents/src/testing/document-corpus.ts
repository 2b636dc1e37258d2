import { Readable } from 'node:stream';
import { AppError, newId } from '@app/kernel';
import { type Chunk, chunkDocument } from '../chunking/chunker';
import { MAX_CHUNK_TOKENS } from '../chunking/pack-section';
import { countTokens } from '../chunking/token-count';
import { identifyFile } from '../formats/file-identifier';
import { cleanFileName, extensionOf } from '../formats/file-name';
import type { ParsedDocument } from '../parsing/parsed-document';
import { PARSERS } from '../parsing/parser-list';
import type { ParserProcess } from '../parsing/parser-process';
import { PatternScanner } from '../scanning/pattern-scanner';

/** One entry of the corpus' manifest: a real file, and what a person finds in it. */
export interface CorpusFile {
  readonly file: string;
  /**
   * `text`: has the texts below. `empty`, `no_text`: sound, without any. `encrypted`, `unsupported`: refused as such.
   * `corrupt`: text or a clear refusal. `other`: kinds that need not be read; those that are must give text.
   */
  readonly expect: 'text' | 'empty' | 'no_text' | 'encrypted' | 'corrupt' | 'unsupported' | 'other';
  readonly known_strings: readonly string[];
  /** The page of each known string. */
  readonly known_string_pages?: readonly number[];
  readonly must_not_contain?: readonly string[];
  readonly pages?: number;
}

export interface CorpusOutcome {
  readonly parsed?: ParsedDocument;
  readonly chunks: readonly Chunk[];
  /** Why it was refused or failed; undefined when it was read. */
  readonly code?: string;
  /** Whether it was refused before anything would be stored. */
  readonly isAtUpload: boolean;
  readonly ms: number;
}

/** Flags as pictures of a font's private characters: the file does not say which country they are. */
const NOT_IN_THE_FILE = new Set(['🇮🇩 Germany 🇩🇪 Austria 🇦🇹 France']);
const CODES: Readonly<Partial<Record<CorpusFile['expect'], readonly string[]>>> = {
  empty: ['document.empty', 'document.no-text'],
  no_text: ['document.no-text'],
  encrypted: ['document.encrypted'],
  unsupported: ['document.type-unsupported', 'document.type-mismatch'],
};
/** A chunk is filled up to this with the heading path before it. */
const HEADING_TOKENS = 50;

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
const textOf = (parts: readonly { headingPath: readonly string[]; text: string }[]): string =>
  flat(parts.map(({ headingPath, text }) => [...headingPath, text].join('\n')).join('\n'));

/** What becomes of a file from the upload to the chunks: the checks at upload, the parser's process, the chunker. */
export async function ingestFile(parser: ParserProcess, fileName: string, bytes: Buffer): Promise<CorpusOutcome> {
  const startedAt = Date.now();
  let isAtUpload = true;
  try {
    const { format } = await identifyFile(PARSERS, { fileName: cleanFileName(fileName), mediaType: '', bytes });
    const { infected } = await new PatternScanner().scan(Readable.from([bytes]));
    if (infected) throw new AppError('document.infected');
    isAtUpload = false;
    const parsed = await parser.parse(format.name, bytes);
    const chunks = await chunkDocument({ workspaceId: newId(), documentId: newId(), version: 1 }, parsed);
    const code = chunks.length === 0 ? 'document.no-text' : undefined;
    return { parsed, chunks, code, isAtUpload, ms: Date.now() - startedAt };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { chunks: [], code: error.code, isAtUpload, ms: Date.now() - startedAt };
  }
}

/** @returns what is wrong, in words; empty when the outcome is what the manifest expects */
export function problemsOf(file: CorpusFile, outcome: CorpusOutcome): string[] {
  const { code } = outcome;
  const codes = CODES[file.expect];
  if (codes) return code !== undefined && codes.includes(code) ? [] : [`${code ?? 'text'} instead of ${file.expect}`];
  if (file.expect === 'text') return code === undefined ? textProblems(file, outcome) : [`${code} instead of text`];
  const isRead = PARSERS.some(({ format }) => format.extensions.includes(extensionOf(file.file)));
  if (file.expect === 'other' && isRead && code !== undefined) return [`${code} instead of text`];
  return code === undefined || code.startsWith('document.') ? [] : [`${code} is no refusal of a document`];
}

function textProblems(file: CorpusFile, { parsed, chunks }: CorpusOutcome): string[] {
  const all = textOf(chunks);
  const missing = file.known_strings.filter((text) => !isIn(all, text)).map((text) => `“${text}” is missing`);
  const foreign = (file.must_not_contain ?? [])
    .filter((text) => all.includes(flat(text)))
    .map((text) => `“${text}” should not be there`);
  const long = chunks.filter(({ text }) => countTokens(text) > MAX_CHUNK_TOKENS + HEADING_TOKENS);
  return [...missing, ...foreign, ...long.map(() => 'a chunk is too long'), ...pageProblems(file, parsed)];
}

function pageProblems(file: CorpusFile, parsed: ParsedDocument | undefined): string[] {
  const problems: string[] = [];
  if (file.pages !== undefined && parsed?.pageCount !== file.pages) {
    problems.push(`${parsed?.pageCount ?? 'no'} pages instead of ${file.pages}`);
  }
  file.known_string_pages?.forEach((page, i) => {
    const known = file.known_strings[i] ?? '';
    const onPage = textOf(parsed?.sections.filter((section) => section.page === page) ?? []);
    if (!isIn(onPage, known)) problems.push(`“${known}” is not on page ${page}`);
  });
  return problems;
}

const isIn = (text: string, known: string): boolean => NOT_IN_THE_FILE.has(known) || text.includes(flat(known));
