// Fits the two logistic models of libs/retrieval/src/ranking/refusal-calibration.ts and prints their constants.
// The knowledge bases are whole tuning sets, random handfuls of their documents, and real files; the questions are those
// the documents answer, those they were written to look like they answer, and those of other knowledge bases.
import { articleOf, fileOf, ingest, KnowledgeBase } from './knowledge.mjs';
import { loadSet, supportQuestions } from './data.mjs';
import { EmbeddingCache } from './embedding-cache.mjs';
import { fitLogistic, predict } from './logistic.mjs';
import { auroc, mean } from './metrics.mjs';
import { calibration } from './product.mjs';

const WITH_VECTORS = [
  'cosine',
  'cosineSquared',
  'sentenceCosine',
  'sentenceCosineSquared',
  'coverage',
  'lexicalRoot',
  'margin',
  'unknown',
  'logSize',
];
const WORDS_ALONE = ['coverage', 'sentenceCoverage', 'lexicalRoot', 'margin', 'unknown', 'logSize'];
/** How much each group of rows weighs together, however many it has. Positives and negatives weigh the same. */
const GROUP_WEIGHTS = {
  'whole +': 3.5,
  'handful +': 3,
  'file +': 3,
  'whole hard -': 3,
  'whole foreign -': 1,
  'handful near -': 1,
  'handful same -': 1,
  'handful hard -': 0.7,
  'handful foreign -': 1.5,
  'file near -': 1.5,
  'file foreign -': 1.5,
};
const HANDFULS = 30;
const HANDFUL_SIZES = [3, 6, 10, 20, 40, 100];
const THRESHOLDS = [0.25, 0.3, 0.35, 0.4, 0.45, 0.5];
const say = (text) => process.stdout.write(`${text}\n`);

/** Park & Miller 1988: the same numbers on every machine. */
let seed = 20_251_122;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
function sample(items, count) {
  const pool = [...items];
  for (let i = pool.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [pool[i], pool[j]] = [pool[j], pool[i]];
  }
  return pool.slice(0, count);
}

const cache = new EmbeddingCache();
const rows = [];
function ask(base, group, set, questions, language = 'en') {
  const hasVectors = cache.model.languages.includes(language);
  for (const { text } of questions) {
    const label = group.endsWith('+') ? 1 : 0;
    const words = base.search(text, null, language).signals;
    const both = hasVectors ? base.search(text, cache.get(text), language).signals : null;
    rows.push({ group, set, label, language, words, both, text });
  }
}

async function load(name) {
  const set = loadSet(name);
  const entries = await ingest(set.documents.map(articleOf), cache, set.language);
  if (set.language === 'en')
    await cache.prepare(
      set.questions.map(({ text }) => text),
      'questions',
    );
  return { ...set, entries };
}

function whole(set, others) {
  const base = new KnowledgeBase(set.entries, cache.model.dimensions);
  ask(
    base,
    'whole +',
    set.name,
    set.questions.filter(({ gold }) => gold),
    set.language,
  );
  ask(
    base,
    'whole hard -',
    set.name,
    set.questions.filter(({ gold }) => !gold),
    set.language,
  );
  for (const other of others) ask(base, 'whole foreign -', set.name, sample(other.questions, 60), set.language);
}

function handfuls(set, others) {
  const articleOfDocument = (id) => (set.name === 'squad2_small' ? id.replace(/-\d+$/, '') : id);
  const ids = set.documents.map(({ id }) => id);
  for (let i = 0; i < HANDFULS; i++) {
    const size = HANDFUL_SIZES[i % HANDFUL_SIZES.length];
    const articles = sample(
      new Set(ids.map(articleOfDocument)),
      set.name === 'squad2_small' ? 1 + Math.floor(random() * 3) : ids.length,
    );
    const chosen = new Set(
      sample(
        ids.filter((id) => articles.includes(articleOfDocument(id))),
        size,
      ),
    );
    const base = new KnowledgeBase(
      set.entries.filter(({ passage }) => chosen.has(passage.documentId)),
      cache.model.dimensions,
    );
    const isHere = ({ gold }) => [...gold.keys()].some((id) => chosen.has(id));
    const answerable = set.questions.filter(({ gold }) => gold);
    const away = answerable.filter((question) => !isHere(question));
    const isSame = ({ article }) => set.name === 'squad2_small' && articles.includes(article);
    ask(base, 'handful +', set.name, sample(answerable.filter(isHere), 25), set.language);
    ask(
      base,
      'handful near -',
      set.name,
      sample(
        away.filter((question) => !isSame(question)),
        15,
      ),
      set.language,
    );
    ask(base, 'handful same -', set.name, sample(away.filter(isSame), 8), set.language);
    ask(
      base,
      'handful hard -',
      set.name,
      sample(
        set.questions.filter(({ gold, paragraph }) => !gold && chosen.has(paragraph)),
        8,
      ),
      set.language,
    );
    for (const other of others) ask(base, 'handful foreign -', set.name, sample(other.questions, 6), set.language);
  }
}

async function files() {
  const questions = supportQuestions().map(({ question, ...rest }) => ({ ...rest, text: question }));
  await cache.prepare(
    questions.map(({ text }) => text),
    'support questions',
  );
  const names = [...new Set(questions.flatMap(({ document }) => document ?? []))];
  const entries = new Map();
  for (const name of names) entries.set(name, await ingest([await fileOf(name)], cache));
  const triples = names.map((name, i) => [name, names[(i + 5) % names.length], names[(i + 9) % names.length]]);
  for (const chosen of [...names.map((name) => [name]), ...triples, names]) {
    const base = new KnowledgeBase(
      chosen.flatMap((name) => entries.get(name)),
      cache.model.dimensions,
    );
    ask(
      base,
      'file +',
      'files',
      questions.filter(({ document }) => chosen.includes(document)),
    );
    ask(
      base,
      'file near -',
      'files',
      questions.filter(({ document }) => document && !chosen.includes(document)),
    );
    ask(
      base,
      'file foreign -',
      'files',
      questions.filter(({ document }) => !document),
    );
  }
}

function fit(title, features, signalsOf) {
  const usable = rows.filter((row) => signalsOf(row) !== null);
  const counts = new Map();
  for (const { group } of usable) counts.set(group, (counts.get(group) ?? 0) + 1);
  const data = usable.map((row) => ({
    ...row,
    features: features.map((feature) => calibration.featureValue(feature, signalsOf(row))),
    weight: (1_000 * GROUP_WEIGHTS[row.group]) / counts.get(row.group),
  }));
  const model = fitLogistic(data);
  const scored = data.map((row) => ({ ...row, score: predict(model, row.features) }));
  say(`\n${title}\n  intercept: ${model.intercept.toFixed(3)}`);
  features.forEach((feature, i) => say(`  ${feature}: ${model.weights[i].toFixed(3)}`));
  report(scored);
}

/** Share that is decided wrongly, by group and set, for several thresholds. */
function report(scored) {
  for (const set of new Set(scored.map((row) => row.set))) {
    const here = scored.filter((row) => row.set === set);
    const inDomain = here.filter(({ group }) => ['whole +', 'whole hard -'].includes(group));
    const area = inDomain.some(({ label }) => label === 0) ? `  AUROC in domain ${auroc(inDomain).toFixed(3)}` : '';
    say(`\n  ${set}${area}`);
    for (const group of new Set(here.map((row) => row.group))) {
      const members = here.filter((row) => row.group === group);
      const wrong = (threshold) =>
        mean(members.map(({ label, score }) => ((score >= threshold ? 1 : 0) === label ? 0 : 1)));
      say(
        `    ${group.padEnd(18)} ${String(members.length).padStart(5)}  ${THRESHOLDS.map((threshold) => `${threshold}: ${wrong(threshold).toFixed(2)}`).join('  ')}`,
      );
    }
  }
}

const english = [];
for (const name of ['squad2_small', 'techqa', 'anthropic_docs']) english.push(await load(name));
for (const set of english) {
  const others = english.filter((other) => other !== set);
  whole(set, others);
  handfuls(set, others);
}
for (const code of ['de', 'es', 'ru', 'zh', 'ar', 'hi']) {
  const set = await load(`xquad/${code}`);
  set.questions = sample(set.questions, 300);
  whole(set, []);
  handfuls(set, []);
}
await files();
fit('WITH_VECTORS', WITH_VECTORS, ({ both }) => both);
fit('WORDS_ALONE', WORDS_ALONE, ({ words }) => words);
await cache.close();
