// npm run bench:ingest: how fast many documents become searchable. A ZIP of Markdown files is uploaded to one running api on
// the embedded database; the same files go through the product's own parser, chunker and embeddings in a plain loop without
// a database. The ratio of the two, from one run, is what counts: the speed of the machine does not matter. Both take
// turns, a quarter of the files each, so that what else the machine does falls on both.
// Usage: node bench/ingest.mjs [--files 1000] [--bytes 10000] [--write]      --write keeps the result in docs/benchmarks.md
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeFiles, sourceOfSentences, zipOf } from './help-files.mjs';
import { ai, chunkDocument, PARSERS, root } from './product.mjs';
import { RunningApi } from './running-api.mjs';
import { keyFor } from './signed-in.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    bytes: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});
const COUNT = Number(values.files);
const BYTES = Number(values.bytes);
const TURNS = 4;
const WARM_UP_FILES = 2;
const GOAL = 0.4;
/** As `ChunkEmbedder` calls the model. */
const TEXTS_A_CALL = 16;
const WATCH_MS = 200;
const POLL_MS = 500;
const WORKSPACE = '018f0000-0000-7000-8000-000000000001';

const say = (text) => process.stdout.write(`${text}\n`);
const markdown = PARSERS.find(({ format }) => format.extensions.includes('md'));
const embeddings = new ai.LocalEmbeddings();

/** { seconds, chunks }, with nothing but the work itself. */
async function raw(files) {
  const begun = performance.now();
  let count = 0;
  for (const [n, { bytes }] of files.entries()) {
    const parsed = await markdown.parse(bytes);
    const documentId = `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const chunks = await chunkDocument({ workspaceId: WORKSPACE, documentId, version: 1 }, parsed);
    for (const { headingPath, text, language } of chunks) {
      const texts = [[...headingPath, text].join('\n'), ...ai.splitSentences(text, language)];
      for (let at = 0; at < texts.length; at += TEXTS_A_CALL)
        await embeddings.embed(texts.slice(at, at + TEXTS_A_CALL));
    }
    count += chunks.length;
  }
  return { seconds: (performance.now() - begun) / 1000, chunks: count };
}

/** { seconds, chunks, unpackSeconds }: from the first byte sent until the last document is indexed. */
async function product(api, { workspace, headers }, files) {
  const form = new FormData();
  form.append('file', new Blob([await zipOf(files)]), 'help.zip');
  const get = async (path) => {
    const { status, text } = await api.send('GET', `${workspace}${path}`, undefined, headers);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
    return JSON.parse(text);
  };
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  const answer = await fetch(`${api.url}${workspace}/bulk-uploads`, { method: 'POST', headers, body: form });
  let view = await answer.json();
  if (answer.status !== 202) throw new Error(`bulk upload: ${answer.status} ${JSON.stringify(view)}`);
  let unpackSeconds = 0;
  for (let shown = 0; !view.isDone;) {
    await wait(POLL_MS);
    view = await get(`/bulk-uploads/${view.id}`);
    if (unpackSeconds === 0 && view.endedAt) unpackSeconds = since();
    if (since() - shown < 10) continue;
    shown = since();
    say(`  … ${view.documents.indexed} of ${view.files.total} indexed after ${Math.round(shown)} s`);
  }
  const seconds = since();
  if (view.documents.indexed !== files.length) throw new Error(`not all were indexed: ${JSON.stringify(view)}`);
  let chunks = 0;
  for (let cursor = ''; cursor !== null;) {
    const page = await get(`/bulk-uploads/${view.id}/files?limit=100${cursor && `&cursor=${cursor}`}`);
    for (const { documentId } of page.items) chunks += (await get(`/documents/${documentId}`)).chunkCount;
    cursor = page.nextCursor;
  }
  return { seconds, chunks, unpackSeconds };
}

/** Resident megabytes; 0 where the system has no /proc. */
function residentMb(pid) {
  const path = `/proc/${pid}/status`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024);
}

function watchMemory(pid) {
  const before = residentMb(pid);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, residentMb(pid))), WATCH_MS);
  return () => (clearInterval(timer), { before, peak });
}

async function measure() {
  const files = makeFiles(COUNT + WARM_UP_FILES, BYTES);
  const warmUp = files.splice(0, WARM_UP_FILES);
  const share = Math.ceil(COUNT / TURNS);
  const api = await RunningApi.start({ LIMIT_REQUESTS_PER_MINUTE: '1000000', DATABASE_URL: '' });
  try {
    const editor = await keyFor(api, ['documents.read', 'documents.write']);
    await raw(warmUp);
    await product(api, editor, warmUp);
    const endWatch = watchMemory(api.pid);
    const rounds = [];
    for (let at = 0; at < COUNT; at += share) {
      const part = files.slice(at, at + share);
      const plain = await raw(part);
      say(`${part.length} files, plain loop: ${plain.seconds.toFixed(1)} s, ${plain.chunks} chunks`);
      const whole = await product(api, editor, part);
      say(`${part.length} files, product:    ${whole.seconds.toFixed(1)} s, ${whole.chunks} chunks`);
      if (plain.chunks !== whole.chunks) throw new Error('The two did not do the same work');
      rounds.push({ plain, whole });
    }
    return { rounds, memory: endWatch(), megabytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6 };
  } finally {
    await api.stop();
    // Its thread does not keep the process, which is to see it end.
    const hold = setInterval(() => undefined, POLL_MS);
    await embeddings.onModuleDestroy();
    clearInterval(hold);
  }
}

const { rounds, memory, megabytes } = await measure();
const total = (of) => rounds.reduce((sum, round) => sum + of(round), 0);
const plainSeconds = total(({ plain }) => plain.seconds);
const wholeSeconds = total(({ whole }) => whole.seconds);
const chunks = total(({ whole }) => whole.chunks);
const ratio = plainSeconds / wholeSeconds;
const ratios = rounds.map(({ plain, whole }) => (plain.seconds / whole.seconds).toFixed(2)).join(', ');
const lines = [
  `${COUNT} Markdown files, ${megabytes.toFixed(1)} MB, ${chunks} chunks, ${sourceOfSentences}; embedded database, offline embeddings.`,
  '',
  '| what | value |',
  '| --- | --- |',
  `| speed of the product as a share of the plain loop's (goal: at least ${GOAL.toFixed(2)}) | ${ratio.toFixed(2)} (turns: ${ratios}) |`,
  `| chunks a second, product and plain loop | ${(chunks / wholeSeconds).toFixed(1)} and ${(chunks / plainSeconds).toFixed(1)} |`,
  `| of the product's time until the archive was unpacked | ${((total(({ whole }) => whole.unpackSeconds) / wholeSeconds) * 100).toFixed(0)} % |`,
  `| resident memory of the api before and at its peak | ${memory.before} MB and ${memory.peak} MB |`,
];
say(lines.join('\n'));

if (values.write) {
  const file = join(root, 'docs', 'benchmarks.md');
  const [start, end] = ['<!-- ingest -->', '<!-- /ingest -->'];
  const text = readFileSync(file, 'utf8');
  const section = `${start}\n\n${lines.join('\n')}\n\n${end}`;
  writeFileSync(
    file,
    text.replace(new RegExp(`${start}[^]*?${end}`), () => section),
  );
}
process.exitCode = ratio >= GOAL ? 0 : 1;
