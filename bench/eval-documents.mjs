// npm run eval:documents: every file of the document corpus through the upload checks, the parser's process and the
// chunker, against what its manifest says is in it. One line a file; ends with 1 when one of them is wrong.
// Usage: node bench/eval-documents.mjs [part of a file name …]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus, ParserProcess, parserEntry, root } from './documents.mjs';

const FOLDER = join(root, '..', 'shared', 'data', 'documents');
const MANIFEST = join(FOLDER, 'manifest.json');
const say = (text) => process.stdout.write(`${text}\n`);

if (!existsSync(MANIFEST)) {
  say('The documents are not beside the repository (../shared/data/documents): nothing to evaluate.');
  process.exit(0);
}

const parser = new ParserProcess({ entry: parserEntry, timeoutSeconds: 30, maxRssBytes: 400 * 1024 * 1024 });
const wanted = process.argv.slice(2);
const files = JSON.parse(readFileSync(MANIFEST, 'utf8')).filter(
  ({ file }) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);

const row = (cells) => say(`| ${cells.join(' | ')} |`);
row(['file', 'expected', 'got', 'sections', 'hidden', 'pages', 'characters', 'ms', 'verdict']);
row(Array(9).fill('---'));
let wrong = 0;
for (const file of files) {
  const outcome = await corpus.ingestFile(parser, file.file, readFileSync(join(FOLDER, file.file)));
  const problems = corpus.problemsOf(file, outcome);
  if (problems.length > 0) wrong++;
  const sections = outcome.parsed?.sections ?? [];
  row([
    file.file,
    file.expect,
    outcome.code ?? 'text',
    sections.length,
    sections.filter(({ isHidden }) => isHidden).length,
    outcome.parsed?.pageCount ?? '–',
    sections.reduce((sum, { text }) => sum + text.length, 0),
    outcome.ms,
    problems.length === 0 ? 'ok' : problems.join('; '),
  ]);
}
say(`\n${files.length - wrong} ok, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
