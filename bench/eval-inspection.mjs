// npm run eval:inspection: what the inspection finds in attacks, and what it finds where nothing is. Ends with 1 when an
// attack file has no finding, an ordinary document has one, or half a percent of the ordinary passages has.
// Usage: node bench/eval-inspection.mjs [folder of data]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inspection, root } from './documents.mjs';

const DATA = process.argv[2] ?? join(root, '..', 'shared', 'data');
const MAX_FALSE_SHARE = 0.005;
const say = (text) => process.stdout.write(`${text}\n`);
const row = (...cells) => say(`| ${cells.join(' | ')} |`);
const found = (all) => all.filter(({ findings }) => findings.length > 0);
const share = (all) => (all.length === 0 ? '–' : `${found(all).length} of ${all.length}`);

if (!existsSync(DATA)) {
  say('The data is not beside the repository (../shared/data): nothing to evaluate.');
  process.exit(0);
}

row('attacks', 'seen while writing rules', 'kept out');
row('---', '---', '---');
const attackRow = (name, all) =>
  row(name, share(all.filter(({ isHeldOut }) => !isHeldOut)), share(all.filter(({ isHeldOut }) => isHeldOut)));
for (const list of inspection.ATTACK_LISTS) {
  const all = await inspection.inspectAttacks(DATA, list);
  attackRow(list, all);
  const orders = all.filter(inspection.isOrder);
  if (orders.length > 0) attackRow(`— of these, orders to a model`, orders);
}

say('');
row('ordinary text', 'with a finding');
row('---', '---');
const passages = [];
for (const set of inspection.PASSAGE_SETS) {
  const all = await inspection.inspectPassages(DATA, set);
  passages.push(...all);
  row(set, share(all));
}
row('all passages', share(passages));
const documents = await inspection.inspectFiles(join(DATA, 'documents'));
const benign = await inspection.inspectFiles(join(DATA, 'attack', 'files', 'benign'));
row('real documents', share(documents));
row('harmless files among the attacks', share(benign));

say('');
row('attack file', 'found');
row('---', '---');
const files = await inspection.inspectFiles(join(DATA, 'attack', 'files', 'prompt-injection-docs'));
for (const { name, findings } of files) row(name, findings.map(({ rule }) => rule).join(', ') || 'nothing');

const missed = files.filter(({ name }) => !inspection.NOTHING_TO_FIND.includes(name)).length - found(files).length;
const isTooMuch = found(passages).length > passages.length * MAX_FALSE_SHARE;
process.exitCode = missed > 0 || isTooMuch || found([...documents, ...benign]).length > 0 ? 1 : 0;
