// Where `npm test` leaves what Jest reported, for those who ask later.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const lastReport = join(root, '.tmp', 'test-report.json');
