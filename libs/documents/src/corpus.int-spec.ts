import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ParserProcess } from './parsing/parser-process';
import { compiledParserEntry } from './testing/compiled-parser-entry';
import { type CorpusFile, ingestFile, problemsOf } from './testing/document-corpus';
import { eicar } from './testing/eicar';
import { paragraph, writeDocx } from './testing/write-docx';

const DATA = resolve(__dirname, '../../../../shared/data');
const REJECT_FAST_MS = 15_000;
interface HostileFile {
  readonly path: string;
  readonly expect: string;
  readonly note: string;
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

describe('The corpus', () => {
  const parser = new ParserProcess({
    entry: compiledParserEntry(),
    timeoutSeconds: 30,
    maxRssBytes: 400 * 1024 * 1024,
  });

  const ingest = (fileName: string, bytes: Buffer) => ingestFile(parser, fileName, bytes);

  each(documents, ({ file }) => file)('%s', async (_name, file) => {
    const outcome = await ingest(file.file, readFileSync(resolve(DATA, 'documents', file.file)));
    expect(problemsOf(file, outcome)).toEqual([]);
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
