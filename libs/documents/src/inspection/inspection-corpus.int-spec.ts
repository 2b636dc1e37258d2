import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  ATTACK_LISTS,
  type Inspected,
  inspectAttacks,
  inspectFiles,
  inspectPassages,
  isOrder,
  NOTHING_TO_FIND,
  PASSAGE_SETS,
} from '../testing/inspection-corpus';

const DATA = resolve(__dirname, '../../../../../shared/data');
const MAX_FALSE_SHARE = 0.005;
const found = (all: readonly Inspected[]): Inspected[] => all.filter(({ findings }) => findings.length > 0);
const shareOf = (all: readonly Inspected[]): number => found(all).length / all.length;
const describeHere = existsSync(DATA) ? describe : describe.skip;

describeHere('The inspection, on the shared data (skipped where that is not beside the repository)', () => {
  it('finds something in every attack file that leaves something to find', async () => {
    const files = await inspectFiles(join(DATA, 'attack/files/prompt-injection-docs'));
    expect(files.length).toBeGreaterThan(5);
    const silent = files.filter(({ findings }) => findings.length === 0).map(({ name }) => name);
    expect(silent.sort()).toEqual([...NOTHING_TO_FIND].sort());
  });

  it.each([['pdf/invisible-injection.pdf'], ['office/injection-hidden.docx']])(
    'reports the hidden text of %s',
    async (path) => {
      const [folder = '', name] = path.split('/');
      const files = await inspectFiles(join(DATA, 'attack/files', folder), [name ?? '']);
      expect(files.flatMap(({ findings }) => findings.map(({ kind }) => kind))).toContain('hidden-text');
    },
  );

  it.each([
    ['prompt-injection', 0.8],
    ['prompt-injection-multilingual', 0.6],
  ])('knows orders to a model in %s', async (list, least) => {
    expect(shareOf((await inspectAttacks(DATA, list)).filter(isOrder))).toBeGreaterThanOrEqual(least);
  });

  it('knows most invitations to leave one’s role, those kept out while writing rules too', async () => {
    const all = await inspectAttacks(DATA, 'jailbreak');
    expect(shareOf(all.filter(({ isHeldOut }) => isHeldOut))).toBeGreaterThanOrEqual(0.7);
  });

  it('reads every list, and takes no honest mail for an attack', async () => {
    for (const list of ATTACK_LISTS) expect((await inspectAttacks(DATA, list)).length).toBeGreaterThan(0);
    expect(found(await inspectAttacks(DATA, 'indirect-injection-carrier'))).toEqual([]);
  });

  it('finds nothing in real documents, and next to nothing in ordinary passages', async () => {
    const documents = await inspectFiles(join(DATA, 'documents'));
    expect(documents.length).toBeGreaterThan(50);
    expect(found(documents).map(({ name, findings }) => [name, findings])).toEqual([]);
    const passages = (await Promise.all(PASSAGE_SETS.map((set) => inspectPassages(DATA, set)))).flat();
    expect(passages.length).toBeGreaterThan(2_000);
    expect(shareOf(passages)).toBeLessThan(MAX_FALSE_SHARE);
  });
});
