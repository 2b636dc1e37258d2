// What sealing a message costs, as a share of storing it. `node bench/sealed-messages.mjs`
import { randomUUID, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, root } from '../scripts/prepare.mjs';

await ensureBuilt();
const require = createRequire(import.meta.url);
const { FieldCipher, KeyRing } = require(join(root, 'dist/libs/crypto/src/index.js'));
const { openDatabase, WorkspaceDb } = require(join(root, 'dist/libs/database/src/index.js'));

const CHARS = [200, 1_000, 4_000];
const ROUNDS = 40;
const PER_ROUND = 25;

const cipher = new FieldCipher(new KeyRing([{ kid: 'bench', key: randomBytes(32) }]));
const dataDir = mkdtempSync(join(tmpdir(), 'customercare-bench-'));
const url = process.env.TEST_DATABASE_URL ?? null;
const database = await openDatabase({ url, ownerUrl: null, poolSize: 2 }, dataDir, { secret: randomBytes(32) });
const db = new WorkspaceDb(database);

/** Milliseconds of one call, the best of a few rounds: what else the machine does only adds. */
async function best(work) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let i = 0; i < PER_ROUND; i += 1) await work();
    rounds.push((performance.now() - start) / PER_ROUND);
  }
  return Math.min(...rounds);
}

for (const chars of CHARS) {
  const text = 'Wie lange dauert die Erstattung? '.repeat(chars / 32).slice(0, chars);
  const place = { table: 'messages', column: 'text', rowId: randomUUID(), workspaceId: randomUUID() };
  const sealed = cipher.seal(place, text);
  const sealing = await best(() => cipher.seal(place, text));
  const opening = await best(() => cipher.open(place, sealed));
  // The smallest unit of work a message is stored in: one transaction, one round trip with the text.
  const carry = (value) =>
    db.run({ workspaceId: place.workspaceId, actor: { type: 'system' } }, (tx) =>
      tx.query('select length($1::text)', [value]),
    );
  const storing = await best(() => carry(text));
  const percent = (part) => `${((part / storing) * 100).toFixed(1)} %`;
  console.log(
    `${chars} characters: sealing ${percent(sealing)}, opening ${percent(opening)} of one transaction with the text; ` +
      `the sealed text is ${(sealed.length / Buffer.byteLength(text)).toFixed(2)} times as long`,
  );
}
await database.close();
rmSync(dataDir, { recursive: true, force: true });
