// npm run eval: how well the tuning sets are searched, refused and answered, beside plain BM25. It uses the product's
// chunker, index, ranking, calibration and extractive answers directly; upload, parsing and the database are not in it.
// Usage: node bench/eval.mjs [set …] [support] [--write]      --write keeps the tables in docs/evaluation.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { articleOf, fileOf, ingest, KnowledgeBase } from './knowledge.mjs';
import { isDataPresent, loadBaseline, loadSet, supportQuestions } from './data.mjs';
import { EmbeddingCache } from './embedding-cache.mjs';
import { auroc, mean, rankingMetrics } from './metrics.mjs';
import { ai, root } from './product.mjs';

const SETS = [
  'techqa',
  'squad2_small',
  'anthropic_docs',
  ...['en', 'de', 'es', 'ru', 'zh', 'ar', 'hi'].map((code) => `xquad/${code}`),
];
const PASSAGES_TO_ANSWER = 5;
const report = [];
const say = (text = '') => {
  report.push(text);
  process.stdout.write(`${text}\n`);
};
const fixed = (value, digits = 3) => (value === null || Number.isNaN(value) ? '–' : value.toFixed(digits));
const row = (cells) => say(`| ${cells.join(' | ')} |`);
const head = (cells) => (row(cells), row(cells.map(() => '---')));
const oneLine = (text) => text.replace(/\s+/g, ' ').trim().toLowerCase();

if (!isDataPresent) {
  process.stdout.write(
    'The tuning sets are not beside the repository (../shared/data/retrieval): nothing to evaluate.\n',
  );
  process.exit(0);
}

const cache = new EmbeddingCache();
const answers = new ai.ExtractiveAnswers({
  model: cache.model,
  embed: async (texts) => texts.map((text) => cache.get(text) ?? new Float32Array(0)),
});
const isEnglish = (language) => cache.model.languages.includes(language);

/** What the product makes of one question: as HybridPassageSearch.search, without the database. */
const search = (base, question, language) =>
  base.search(question, isEnglish(language) ? cache.get(question) : null, language);

async function answer(question, ranked) {
  const passages = ranked.slice(0, PASSAGES_TO_ANSWER).map(({ passage, rank }) => ({ ...passage, score: rank }));
  let text = '';
  for await (const part of answers.answer(
    { question, history: [], passages, maxOutputChars: 2_000 },
    new AbortController().signal,
  )) {
    if (part.type === 'text') text += part.text;
  }
  const cited = [...new Set([...text.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]) - 1))]
    .map((i) => passages[i])
    .filter(Boolean);
  return { text, cited };
}

async function evaluate(name) {
  const set = loadSet(name);
  const entries = await ingest(set.documents.map(articleOf), cache, set.language);
  if (isEnglish(set.language))
    await cache.prepare(
      set.questions.map(({ text }) => text),
      'questions',
    );
  const base = new KnowledgeBase(entries, cache.model.dimensions);
  const started = performance.now();
  const results = set.questions.map((question) => ({ question, ...search(base, question.text, set.language) }));
  const milliseconds = (performance.now() - started) / results.length;
  const ranking = results
    .filter(({ question }) => question.gold)
    .map(({ question, ranked }) => {
      const documents = [...new Set(ranked.map(({ passage }) => passage.documentId))];
      return rankingMetrics(documents, question.gold);
    });
  return {
    name,
    set,
    results,
    milliseconds,
    passages: base.size,
    average: (key) => mean(ranking.map((each) => each[key])),
  };
}

async function refusal({ results }) {
  const answerable = results.filter(({ question }) => question.gold);
  const not = results.filter(({ question }) => !question.gold);
  const rows = results.map(({ question, confidence }) => ({ label: question.gold ? 1 : 0, score: confidence }));
  const spoken = [];
  for (const { question, ranked } of answerable.filter(({ isAnswerable }) => isAnswerable)) {
    const { text, cited } = await answer(question.text, ranked);
    const spans = question.answers.map(oneLine).filter(Boolean);
    spoken.push({
      holdsSpan: spans.some((span) => oneLine(text.replace(/ \[\d+\]/g, '')).includes(span)),
      isCitedRight: mean(
        cited.map((passage) =>
          question.gold.has(passage.documentId) || spans.some((span) => oneLine(passage.text).includes(span)) ? 1 : 0,
        ),
      ),
    });
  }
  return {
    refusedWrongly: mean(answerable.map(({ isAnswerable }) => (isAnswerable ? 0 : 1))),
    answeredWrongly: not.length === 0 ? null : mean(not.map(({ isAnswerable }) => (isAnswerable ? 1 : 0))),
    auroc: not.length === 0 ? null : auroc(rows),
    precision: mean(spoken.map(({ isCitedRight }) => isCitedRight)),
    span: mean(spoken.map(({ holdsSpan }) => (holdsSpan ? 1 : 0))),
  };
}

/** People's own words on real files: each file alone, and all of them together. */
async function support() {
  const questions = supportQuestions();
  await cache.prepare(
    questions.map(({ question }) => question),
    'support questions',
  );
  const files = [...new Set(questions.flatMap(({ document }) => document ?? []))];
  const entries = new Map();
  for (const file of files) entries.set(file, await ingest([await fileOf(file)], cache));
  const bases = [...files.map((file) => [file]), files];
  const counts = { asked: 0, found: 0, refused: 0, quoted: 0, foreign: 0, foreignAnswered: 0 };
  for (const names of bases) {
    const base = new KnowledgeBase(
      names.flatMap((name) => entries.get(name)),
      cache.model.dimensions,
    );
    for (const { document, question, expects } of questions) {
      const { ranked, isAnswerable } = search(base, question, 'en');
      if (!names.includes(document)) {
        counts.foreign++;
        if (isAnswerable) counts.foreignAnswered++;
        continue;
      }
      counts.asked++;
      const top = ranked.slice(0, 3).map(({ passage }) => oneLine(passage.text));
      if (top.some((text) => text.includes(oneLine(expects)))) counts.found++;
      if (!isAnswerable) counts.refused++;
      else if (oneLine((await answer(question, ranked)).text).includes(oneLine(expects))) counts.quoted++;
    }
  }
  return counts;
}

const asked = process.argv.slice(2).filter((argument) => argument !== '--write');
const names = asked.length > 0 ? asked.filter((name) => name !== 'support') : SETS;
const evaluated = [];
for (const name of names) {
  evaluated.push(await evaluate(name));
  process.stderr.write(`  ${name} searched\n`);
}

say('\nSearch (document level; baseline: plain BM25 with Porter stems)\n');
head(['set', 'passages', 'nDCG@10', 'baseline', 'recall@5', 'MRR@10', 'hit@3', 'ms a question']);
for (const { name, passages, milliseconds, average } of evaluated) {
  const baseline = loadBaseline(name);
  row([
    name,
    passages,
    fixed(average('ndcg10')),
    fixed(baseline?.ndcg10 ?? null),
    fixed(average('recall5')),
    fixed(average('mrr10')),
    fixed(average('hit3')),
    fixed(milliseconds, 1),
  ]);
}

say('\nRefusal and extractive answers\n');
head(['set', 'wrongly refused', 'wrongly answered', 'AUROC', 'citation precision', 'answer holds the gold span']);
for (const each of evaluated) {
  const { refusedWrongly, answeredWrongly, auroc: area, precision, span } = await refusal(each);
  row([each.name, fixed(refusedWrongly), fixed(answeredWrongly), fixed(area), fixed(precision), fixed(span)]);
}

if (names === SETS || asked.includes('support')) {
  const { asked, found, refused, quoted, foreign, foreignAnswered } = await support();
  say(
    `\nSupport questions on real files: ${asked} asked, passage found ${fixed(found / asked)}, wrongly refused ${fixed(refused / asked)}, answer holds the expected words ${fixed(quoted / asked)}; ${foreign} that no file answers, ${fixed(foreignAnswered / foreign)} wrongly answered`,
  );
}
await cache.close();
if (process.argv.includes('--write')) {
  const head = `# Evaluation

Made by \`npm run eval -- --write\` on the tuning sets; never edited by hand. The product's chunker, index, ranking, refusal
and extractive answers are used directly, without upload and database. Wrongly refused: share of answerable questions
that are not answered. Wrongly answered: share of unanswerable ones that are. Citation precision: cited passages that are
right ones. What the numbers mean: docs/adr/0009 and 0010.
`;
  writeFileSync(join(root, 'docs', 'evaluation.md'), `${head}${report.join('\n')}\n`);
}
