import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, newId } from '@app/kernel';
import { type Chunk, chunkDocument } from './chunking/chunker';
import { MAX_CHUNK_TOKENS } from './chunking/pack-section';
import { countTokens } from './chunking/token-count';
import { identifyFile } from './formats/file-identifier';
import { cleanFileName } from './formats/file-name';
import type { ParsedDocument } from './parsing/parsed-document';
import { PARSERS } from './parsing/parser-list';
import { ParserProcess } from './parsing/parser-process';
import { PatternScanner } from './scanning/pattern-scanner';
import { compiledParserEntry } from './testing/compiled-parser-entry';
import { eicar } from './testing/eicar';
import { paragraph, writeDocx } from './testing/write-docx';

const DATA = resolve(__dirname, '../../../../shared/data');
const REJECT_FAST_MS = 15_000;
/** Flags as pictures of a font's private characters: the file does not say which country they are. */
const NOT_IN_THE_FILE = new Set(['🇮🇩 Germany 🇩🇪 Austria 🇦🇹 France']);

interface CorpusFile {
  readonly file: string;
  readonly expect: 'text' | 'empty' | 'no_text' | 'encrypted' | 'corrupt' | 'unsupported' | 'other';
  readonly known_strings: string[];
  readonly known_string_pages?: number[];
  readonly must_not_contain?: string[];
  readonly pages?: number;
}

interface HostileFile {
  readonly path: string;
  readonly expect: string;
  readonly note: string;
}

interface Outcome {
  readonly parsed?: ParsedDocument;
  readonly chunks: Chunk[];
  readonly code?: string;
  /** Whether it was refused before anything would be stored. */
  readonly isAtUpload: boolean;
  readonly ms: number;
}

function manifest<T>(path: string, read: (content: unknown) => T[]): T[] {
  const file = resolve(DATA, path);
  return existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : [];
}
// The manifests' shapes are described in their folders; a wrong one fails the tests that use it.
const documents = manifest('documents/manifest.json', (content) => content as CorpusFile[]);
const hostile = manifest('attack/manifest.json', (content) =>
  (content as { entries: HostileFile[] }).entries.filter(
    ({ path }) => path.includes('/files/') && !path.endsWith('.json'),
  ),
);

const each = <T>(items: readonly T[], nameOf: (item: T) => string) =>
  items.length > 0
    ? it.each(items.map((item) => [nameOf(item), item] as const))
    : it.skip.each([['(the shared data is not here)', undefined as T]]);

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
const textOf = (parts: readonly { headingPath: readonly string[]; text: string }[]): string =>
  flat(parts.map(({ headingPath, text }) => [...headingPath, text].join('\n')).join('\n'));

describe('The corpus', () => {
  const parser = new ParserProcess({
    entry: compiledParserEntry(),
    timeoutSeconds: 30,
    maxRssBytes: 400 * 1024 * 1024,
  });

  async function ingest(fileName: string, bytes: Buffer): Promise<Outcome> {
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

  const CODES: Partial<Record<CorpusFile['expect'], string[]>> = {
    empty: ['document.empty', 'document.no-text'],
    no_text: ['document.no-text'],
    encrypted: ['document.encrypted'],
    unsupported: ['document.type-unsupported'],
  };

  each(documents, ({ file }) => file)('%s', async (_name, file) => {
    const { parsed, chunks, code } = await ingest(file.file, readFileSync(resolve(DATA, 'documents', file.file)));
    const codes = CODES[file.expect];
    if (codes) return expect(codes).toContain(code);
    if (file.expect !== 'text') return expect(code ?? 'document.').toMatch(/^document\./);
    expect(code).toBeUndefined();
    const all = textOf(chunks);
    for (const known of file.known_strings) if (!NOT_IN_THE_FILE.has(known)) expect(all).toContain(flat(known));
    for (const foreign of file.must_not_contain ?? []) expect(all).not.toContain(flat(foreign));
    for (const { text } of chunks) expect(countTokens(text)).toBeLessThanOrEqual(MAX_CHUNK_TOKENS + 50);
    if (file.pages) expect(parsed?.pageCount).toBe(file.pages);
    file.known_string_pages?.forEach((page, i) => {
      const known = flat(file.known_strings[i] ?? '');
      if (NOT_IN_THE_FILE.has(known)) return;
      expect(textOf(parsed?.sections.filter((section) => section.page === page) ?? [])).toContain(known);
    });
  });

  each(hostile, ({ path, note }) => `${basename(path)}: ${note}`)('%s', async (_name, file) => {
    const bytes = readFileSync(resolve(DATA, 'attack', file.path.replace(/^open\//, '')));
    const outcome = await ingest(file.path, bytes);
    expect(outcome.ms).toBeLessThan(file.expect === 'reject-fast' ? REJECT_FAST_MS : 35_000);
    if (/^reject(?:-fast|-or-strip)?$/.test(file.expect)) expect(outcome.code).toMatch(/^document\./);
    // Text that is kept must be what the file shows, whatever it tells its readers to do.
    if (file.expect === 'accept') expect(outcome.code).toBeUndefined();
    for (const { text } of outcome.chunks) {
      expect(text).not.toMatch(/[\u0000\u200b\u202a-\u202e\u{e0000}-\u{e007f}]|root:x:0/u);
    }
  });

  it.each([
    ['alone', 'notes.txt', () => eicar()],
    ['behind other bytes', 'notes.txt', () => Buffer.concat([Buffer.alloc(2000, 'x '), eicar()])],
    [
      'in a picture of a Word document',
      'a.docx',
      () => writeDocx(paragraph('x'), [{ name: 'word/media/a.png', content: eicar() }]),
    ],
  ])('the test virus %s is refused at upload', async (_name, fileName, bytes) => {
    expect(await ingest(fileName, bytes())).toMatchObject({ code: 'document.infected', isAtUpload: true });
  });
});
