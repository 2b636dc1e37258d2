// @ts-check
// Runs MiniLM in a worker thread, so that no request waits for matrix products. Plain JavaScript, because the same file
// must run from the sources under Jest and from dist: the build copies it as it is.
//
// in:  { id, texts } | { id, cancel: true } | { stop: true }      out: { ready: true } | { id, vectors } | { id, error } | { fatal }
const { createHash } = require('node:crypto');
const { createReadStream, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

/** The model's own limit is 512 tokens; it was trained on 256 (model card), and time grows with length. */
const MAX_TOKENS = 256;
const END_OF_TEXT = 102; // [SEP]

if (!parentPort) throw new Error('this file is a worker');
const port = parentPort;

/** @typedef {{ id: number, texts: string[], vectors: Float32Array[] }} Job */
/** @type {Job[]} */
const jobs = [];
let isRunning = false;

/** @param {string} folder @param {Record<string, string>} files */
async function verify(folder, files) {
  for (const [file, expected] of Object.entries(files)) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk);
    if (hash.digest('hex') !== expected) throw new Error(`${file} is not the file this version was made for`);
  }
}

/** @param {string} folder */
async function load(folder) {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const onnx = require('onnxruntime-node');
  /** @param {string} file */
  const json = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const session = await onnx.InferenceSession.create(join(folder, 'onnx', 'model_q4.onnx'), {
    intraOpNumThreads: workerData.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return { tokenizer, session, Tensor: onnx.Tensor };
}

/**
 * One text a run: padding texts of different lengths to one batch measured half as fast with these weights.
 * @param {Awaited<ReturnType<typeof load>>} model @param {string} text
 */
async function embed({ tokenizer, session, Tensor }, text) {
  const { ids } = tokenizer.encode(text);
  if (ids.length > MAX_TOKENS) ids.splice(MAX_TOKENS - 1, Infinity, END_OF_TEXT);
  const shape = [1, ids.length];
  const output = await session.run({
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
    token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
  });
  const hidden = output.last_hidden_state;
  if (!hidden) throw new Error('the model has no last_hidden_state');
  return meanPool(/** @type {Float32Array} */ (hidden.data), ids.length);
}

/** Mean over the tokens, then unit length, as the model was trained. @param {Float32Array} hidden @param {number} tokens */
function meanPool(hidden, tokens) {
  const dimensions = hidden.length / tokens;
  const vector = new Float32Array(dimensions);
  for (let i = 0; i < hidden.length; i++) vector[i % dimensions] += hidden[i];
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

/** Always the job with the least left to do, so that a question never waits behind a document. */
function nextJob() {
  let best = 0;
  for (let i = 1; i < jobs.length; i++) if (left(jobs[i]) < left(jobs[best])) best = i;
  return jobs[best];
}

/** @param {Job} job */
const left = (job) => job.texts.length - job.vectors.length;

/** @param {Job} job */
const drop = (job) => jobs.splice(jobs.indexOf(job), 1);

/** @param {Awaited<ReturnType<typeof load>>} model */
async function run(model) {
  if (isRunning) return;
  isRunning = true;
  for (let job = nextJob(); job; job = nextJob()) {
    try {
      const text = job.texts[job.vectors.length];
      if (text !== undefined) job.vectors.push(await embed(model, text));
      if (left(job) > 0 || !jobs.includes(job)) continue;
      drop(job);
      port.postMessage({ id: job.id, vectors: job.vectors });
    } catch (error) {
      drop(job);
      port.postMessage({ id: job.id, error: String(error) });
    }
  }
  isRunning = false;
}

async function main() {
  await verify(workerData.folder, workerData.files);
  const model = await load(workerData.folder);
  port.on('message', ({ id, texts, cancel, stop }) => {
    if (stop) {
      // Ended in the middle of a run, the native library would take the whole process with it.
      jobs.length = 0;
      port.close();
      return;
    }
    if (cancel) {
      const job = jobs.find((each) => each.id === id);
      if (job) drop(job);
      return;
    }
    jobs.push({ id, texts, vectors: [] });
    void run(model);
  });
  port.postMessage({ ready: true });
}

main().catch((error) => port.postMessage({ fatal: String(error) }));
