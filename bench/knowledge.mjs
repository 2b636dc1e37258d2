// A knowledge base in memory, made of the product's own parts: chunker, index, ranking.
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { documentFile } from './data.mjs';
import { ai, chunkDocument, decide, judge, lookUp, PARSERS, PassageIndex, PassageReader } from './product.mjs';

const WORKSPACE = '018f0000-0000-7000-8000-000000000001';
const FORMATS = { '.pdf': 0, '.docx': 1, '.html': 2, '.md': 3, '.mdx': 3, '.txt': 4 };

/** The passages of documents as ingestion would store them: [{ passage, vector }]. */
export async function ingest(documents, cache, language) {
  const chunked = [];
  for (const { id, title, sections } of documents) {
    const chunks = await chunkDocument({ workspaceId: WORKSPACE, documentId: id, version: 1 }, { title, sections });
    for (const chunk of chunks) {
      const code = language ?? chunk.language;
      chunked.push({
        ...chunk,
        headingPath: [...chunk.headingPath],
        language: code,
        documentId: id,
        documentTitle: title,
        version: 1,
        score: 0,
      });
    }
  }
  const isEmbedded = ({ language: code }) => !code || cache.model.languages.includes(code);
  const whole = ({ headingPath, text }) => [...headingPath, text].join('\n');
  const texts = chunked
    .filter(isEmbedded)
    .flatMap((chunk) => [whole(chunk), ...ai.splitSentences(chunk.text, chunk.language)]);
  await cache.prepare(texts, 'passages');
  return chunked.map((chunk) => {
    if (!isEmbedded(chunk)) return { passage: chunk, vector: null };
    const sentenceVectors = ai.splitSentences(chunk.text, chunk.language).map((text) => cache.get(text));
    return { passage: { ...chunk, sentenceVectors }, vector: ai.decodeInt8(ai.encodeVector(cache.get(whole(chunk)))) };
  });
}

/** A document of a set: its title is the heading above its text, as in a help centre's article. */
export const articleOf = ({ id, title, text }) => ({
  id,
  title,
  sections: [{ headingPath: title ? [title] : [], text }],
});

/** A real file, through the product's parser. */
export async function fileOf(name) {
  const parsed = await PARSERS[FORMATS[extname(name)]].parse(readFileSync(documentFile(name)));
  const title = parsed.title || parsed.sections[0]?.headingPath[0] || name;
  return { id: name, title, sections: parsed.sections };
}

/** Searches some passages the way the product does once the rows are read. */
export class KnowledgeBase {
  #index;
  #passages = new Map();
  #reader = new PassageReader();

  constructor(entries, dimensions) {
    this.#index = new PassageIndex(dimensions);
    for (const { passage, vector } of entries) {
      this.#index.add({ ...passage, language: passage.language ?? null, vector });
      this.#passages.set(passage.id, passage);
    }
  }

  get size() {
    return this.#index.size;
  }

  search(text, vector, language) {
    const found = lookUp(this.#index, { text, language, vector });
    const { ranked, signals } = judge(found, this.#passages, vector, this.#reader);
    return { ranked, signals, ...decide(found, ranked, signals) };
  }
}
