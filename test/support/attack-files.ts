import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { paragraph, writeDocx } from '@app/documents/testing';
import { projectRoot } from './product';

const folder = join(projectRoot, '..', 'shared', 'data', 'attack');
const manifest = join(folder, 'manifest.json');

/** What a file of the corpus must come to; see `expect_values` of its manifest. */
type Verdict =
  | 'accept'
  | 'accept-inert'
  | 'accept-or-limit'
  | 'accept-or-reject-no-crash'
  | 'reject'
  | 'reject-fast'
  | 'reject-or-strip'
  | 'reject-or-inert'
  | 'reject-or-replace';

export interface AttackFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly expect: Verdict;
}

interface Entry {
  readonly path: string;
  readonly expect: Verdict;
}

/** Port of the listener that the files of the corpus try to reach. */
export const CANARY_PORT = 41998;

export const hasAttackFiles = existsSync(manifest);

/** Every file of the corpus, and those that are kept as a recipe, put together. */
export function attackFiles(): AttackFile[] {
  // The shape is described beside it; a wrong one fails the story.
  const { entries } = JSON.parse(readFileSync(manifest, 'utf8')) as { entries: Entry[] };
  return entries
    .filter(({ path }) => path.includes('/files/'))
    .map(({ path, expect }) => ({ path: path.replace(/^open\//, ''), expect }))
    .flatMap(({ path, expect }) => (path.endsWith('.recipe.json') ? fromRecipe(path, expect) : [plain(path, expect)]));
}

/** Names that somebody might give a file to do harm by it. */
export function attackFileNames(): { id: string; name: string }[] {
  // As above.
  return JSON.parse(readFileSync(join(folder, 'own', 'filenames.json'), 'utf8')) as { id: string; name: string }[];
}

const plain = (path: string, expect: Verdict): AttackFile => ({
  name: basename(path),
  bytes: readFileSync(join(folder, path)),
  expect,
});

function fromRecipe(path: string, expect: Verdict): AttackFile[] {
  const recipe = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { parts_base64: string[] };
  const virus = Buffer.concat(recipe.parts_base64.map((part) => Buffer.from(part, 'base64')));
  const name = basename(path, '.recipe.json');
  return [
    { name: `${name}.txt`, bytes: virus, expect },
    { name: `${name}-appended.txt`, bytes: Buffer.concat([Buffer.alloc(2000, 'x '), virus]), expect },
    { name: `${name}-in-a-picture.docx`, bytes: inDocx(virus), expect },
  ];
}

const inDocx = (content: Buffer): Buffer =>
  writeDocx(paragraph('An ordinary letter.'), [{ name: 'word/media/a.png', content }]);
