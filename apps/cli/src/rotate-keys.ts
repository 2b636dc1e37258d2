import type { AppConfig } from '@app/config';
import { KeyRing, type SealedStore } from '@app/crypto';
import { openDatabase, sealedColumnStores } from '@app/database';
import { sealedBlobStores } from '@app/documents';
import { queueOwnerStep } from '@app/queue';

/** A process that still seals with an old key would keep the rotation busy for ever; one pass is the rule. */
const MAX_PASSES = 5;
/** A line of progress for this many values. */
const REPORT_EVERY = 1_000;
/** Enough to look into; the rest is counted. */
const MAX_NAMED = 10;

/**
 * Seals everything at rest again with the first key of ENCRYPTION_KEY, so that the others can be taken away. May be
 * killed and run again at any time, and beside a running product that has the same keys. `--status` only counts.
 *
 * @throws Error when something is left under another key, also for `--status`
 */
export async function rotateKeys(config: AppConfig, args: readonly string[]): Promise<string> {
  const ring = new KeyRing(config.secrets.encryptionKeys);
  const database = await openDatabase(config.database, config.server.dataDir, {
    secret: config.secrets.secretKey,
    isProduction: config.environment === 'production',
    ownerSteps: [queueOwnerStep],
  });
  try {
    const blobs = await sealedBlobStores(config.documents.s3, config.server.dataDir, ring);
    const stores = [...sealedColumnStores(database, ring), ...blobs];
    const left = args.includes('--status') ? await countOld(stores) : await rotateAll(stores);
    if (left > 0) throw new Error(`${left} values are not under the current key (${ring.current.kid}).`);
    return `Nothing is left under another key than the current one (${ring.current.kid}).`;
  } finally {
    await database.close();
  }
}

/** @returns how many values are left under another key */
async function rotateAll(stores: readonly SealedStore[]): Promise<number> {
  for (let pass = 1; ; pass += 1) {
    let changed = 0;
    for (const store of stores) changed += await rotateOne(store);
    const left = await countOld(stores);
    if (left === 0 || changed === 0) return left;
    if (pass < MAX_PASSES) continue;
    say('Something still seals with another key: do all processes have the new key first?');
    return left;
  }
}

async function rotateOne(store: SealedStore): Promise<number> {
  let [done, told] = [0, 0];
  const { changed, unreadable } = await store.rotate((count) => {
    done += count;
    if (done - told >= REPORT_EVERY) say(`${store.name}: ${(told = done)} changed so far`);
  });
  if (changed > 0) say(`${store.name}: ${changed} changed`);
  if (unreadable.length > 0) {
    const more = unreadable.length > MAX_NAMED ? ' …' : '';
    say(`${store.name}: ${unreadable.length} do not open: ${unreadable.slice(0, MAX_NAMED).join(' ')}${more}`);
  }
  return changed;
}

/** Prints what is left of each store by key id. */
async function countOld(stores: readonly SealedStore[]): Promise<number> {
  let left = 0;
  for (const store of stores) {
    for (const [kid, count] of await store.countOld()) {
      say(`${store.name}: ${count} ${kid === '' ? 'not sealed' : `under key ${kid}`}`);
      left += count;
    }
  }
  return left;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
