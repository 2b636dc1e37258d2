import { dirname, join, sep } from 'node:path';

/** From `libs/documents/src/parsing/parser-child.js` to `libs`. */
const ENTRY_TO_LIBS = '../../../..';
/** And on from `dist/libs`, to the folder that `dist` is in. */
const ENTRY_TO_ROOT = `${ENTRY_TO_LIBS}/../..`;

/** What the parsers' process loads its code from. */
export interface ApplicationFolders {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** One of the packages, to try whether they can be loaded. */
  readonly aPackage: string;
}

/** The data folder may lie beside these, so nothing above them is named but what says how to load a file. */
export function applicationFolders(entry: string): ApplicationFolders {
  const aPackage = require.resolve('yauzl', { paths: [dirname(entry)] });
  const packages = packagesFolder(aPackage);
  // Where `node_modules` is a link, Node reads the link before it goes on to the folder.
  const link = join(entry, ENTRY_TO_ROOT, 'node_modules');
  return {
    folders: [...new Set([join(entry, ENTRY_TO_LIBS), packages, link])],
    files: [join(dirname(packages), 'package.json')],
    aPackage,
  };
}

/** The `node_modules` the parsers are loaded from, as the file system names it. */
function packagesFolder(aPackage: string): string {
  return aPackage.slice(0, aPackage.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length);
}
