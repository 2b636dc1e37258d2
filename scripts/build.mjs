import { ensureBuilt, say } from './prepare.mjs';

await ensureBuilt();
say('Built: dist/apps, dist/libs, dist/widget');
