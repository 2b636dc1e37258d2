// What the document evaluation uses of the built product: its parser process, and the judge it shares with the tests.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, root } from '../scripts/prepare.mjs';

await ensureBuilt();
const require = createRequire(import.meta.url);
const documents = join(root, 'dist', 'libs', 'documents', 'src');

export const corpus = require(join(documents, 'testing', 'document-corpus.js'));
export const inspection = require(join(documents, 'testing', 'inspection-corpus.js'));
export const { ParserProcess } = require(join(documents, 'parsing', 'parser-process.js'));
export const parserEntry = join(documents, 'parsing', 'parser-child.js');
export { root };
