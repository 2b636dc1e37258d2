'use strict';
// The database engine in a thread of its own: wire protocol bytes in, wire protocol bytes out, one batch at a time.
// Plain CommonJS, so that the same file runs beside the sources and beside the build.
const { parentPort, workerData } = require('node:worker_threads');
const { PGlite } = require('@electric-sql/pglite');

/**
 * A third of the memory of the engine's own 128 MB (the operating system caches the files anyway), and at most a few
 * seconds of log to replay after a kill.
 */
const SETTINGS = ['shared_buffers=32MB', 'max_wal_size=64MB'];
const startParams = [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])];

/** Makes a new database in an empty folder and ends: what that needed of memory goes with the thread. */
async function create(folder) {
  const database = await PGlite.create({ dataDir: folder });
  await database.close();
}

async function serve(folder) {
  const database = await PGlite.create({ dataDir: folder, startParams });
  const { rows } = await database.query(`select current_setting('server_version') as version`);
  parentPort.on('message', (message) => (message.type === 'close' ? close(database) : run(database, message)));
  parentPort.postMessage({ type: 'ready', serverVersion: rows[0].version });
}

async function run(database, { bytes }) {
  const chunks = [];
  // The chunk is a view into the engine's memory: copy before it moves on.
  await database.execProtocolRawStream(bytes, { syncToFs: false, onRawData: (chunk) => chunks.push(chunk.slice()) });
  const answer = chunks.length === 1 ? chunks[0] : new Uint8Array(Buffer.concat(chunks));
  parentPort.postMessage({ type: 'answer', bytes: answer }, [answer.buffer]);
}

async function close(database) {
  await database.close();
  parentPort.postMessage({ type: 'closed' });
  parentPort.close();
}

void (workerData.task === 'create' ? create(workerData.folder) : serve(workerData.folder));
