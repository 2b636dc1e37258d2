// The built product's parts that the benches measure. Its libs are used directly, past the front doors: a bench looks at
// the inside on purpose.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, root } from '../scripts/prepare.mjs';

await ensureBuilt();
const require = createRequire(import.meta.url);
const lib = (path) => require(join(root, 'dist', 'libs', path));

export const ai = lib('ai/src/index.js');
export const { AppError } = lib('kernel/src/index.js');
export const { PassageIndex } = lib('retrieval/src/index/passage-index.js');
export const { judge, lookUp } = lib('retrieval/src/ranking/look-up.js');
export const { decide } = lib('retrieval/src/ranking/decide.js');
export const { PassageReader } = lib('retrieval/src/ranking/passage-reader.js');
export const calibration = lib('retrieval/src/ranking/refusal-calibration.js');
export const { chunkDocument } = lib('documents/src/chunking/chunker.js');
export const { PARSERS } = lib('documents/src/parsing/parser-list.js');
export { root };
