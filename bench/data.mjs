// The tuning sets beside the repository, in BEIR's layout, and the support questions of this folder.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './product.mjs';

const shared = join(root, '..', 'shared', 'data');
const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');
const jsonLines = (file) => lines(file).map((line) => JSON.parse(line));

export const isDataPresent = existsSync(join(shared, 'retrieval'));
export const documentFile = (name) => join(shared, 'documents', name);

/** { name, language, documents: [{ id, title, text }], questions: [{ id, text, gold: Map|null, answers, article }] } */
export function loadSet(name) {
  const folder = join(shared, 'retrieval', name);
  const gold = new Map();
  for (const line of lines(join(folder, 'qrels.tsv')).slice(1)) {
    const [question, document, grade] = line.split('\t');
    if (!gold.has(question)) gold.set(question, new Map());
    gold.get(question).set(document, Number(grade));
  }
  const answers = new Map(jsonLines(join(folder, 'answers.jsonl')).map((row) => [row._id, row.answers]));
  return {
    name,
    language: name.startsWith('xquad/') ? name.slice('xquad/'.length) : 'en',
    documents: jsonLines(join(folder, 'corpus.jsonl')).map(({ _id, title, text }) => ({
      id: _id,
      title: title ?? '',
      text,
    })),
    questions: jsonLines(join(folder, 'queries.jsonl')).map(({ _id, text, metadata }) => ({
      id: _id,
      text,
      gold: gold.get(_id) ?? null,
      answers: answers.get(_id) ?? [],
      article: metadata?.article ?? null,
      paragraph: metadata?.paragraph ?? null,
    })),
  };
}

/** nDCG@10 of plain BM25 (Porter stems) as measured when the sets were made. */
export function loadBaseline(name) {
  const rows = jsonLines(join(shared, 'retrieval', 'baselines.jsonl'));
  return rows.find((row) => row.set === name && row.variant === 'porter' && row.query === 'last') ?? null;
}

/** { document, question, expects }; `document` and `expects` are null where no document answers. */
export const supportQuestions = () => jsonLines(join(root, 'bench', 'support-questions.jsonl'));
