import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './product';

const folder = join(projectRoot, '..', 'shared', 'data');

/** Real documents and attack files kept beside the checkout; the stories that need them say so when they are missing. */
const hasCorpus = existsSync(folder);

export const corpusFile = (path: string): Buffer => readFileSync(join(folder, path));

/** `describe` where the corpus is there, else a skip that names the reason. */
export function describeWithCorpus(name: string, story: () => void): void {
  if (hasCorpus) describe(name, story);
  else describe.skip(`${name} — ../shared/data is not beside this checkout`, story);
}
