import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ParserProcess } from './parsing/parser-process';
import { compiledParserEntry } from './testing/compiled-parser-entry';
import { type CorpusFile, ingestFile, problemsOf } from './testing/document-corpus';

const DATA = resolve(__dirname, '../../../../shared/data');

function manifest<T>(path: string, read: (content: unknown) => T[]): T[] {
  const file = resolve(DATA, path);
  return existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : [];
}
// The manifest's shape is described in its folder; a wrong one fails the tests that use it.
const documents = manifest('documents/manifest.json', (content) => content as CorpusFile[]);
const each = <T>(items: readonly T[], nameOf: (item: T) => string) =>
  items.length > 0
    ? it.each(items.map((item) => [nameOf(item), item] as const))
    : it.skip.each([['(the shared data is not here)', undefined as T]]);

/** The hostile files are uploaded to the running product by `somebody-uploads-every-bad-file`. */
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
});
