// `npm start`: from a fresh checkout to a running product. Runs the api in this very process, so that signals and exit
// codes are its own.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root, say } from './prepare.mjs';

try {
  await prepare();
} catch (error) {
  say(error.message);
  process.exit(1);
}
const [app = 'api'] = process.argv.splice(2, 1);
createRequire(import.meta.url)(join(root, 'dist', 'apps', app, 'src', 'main.js'));
