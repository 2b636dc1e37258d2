// Brings a checkout to the point where it can run: the right Node, dependencies installed, everything built. Each step
// is skipped when its inputs have not changed, so a second start costs milliseconds.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

export const say = (text) => process.stdout.write(`${text}\n`);

/** Runs a command to its end, its output kept and shown only when it fails. A dot is printed every few seconds. */
export function run(command, args, { env = process.env, label } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const started = Date.now();
    const beat = setInterval(() => say(`  … ${label}: ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
    const settle = (error) => {
      clearInterval(beat);
      if (error) reject(error);
      else resolve(output);
    };
    child.on('error', settle);
    child.on('close', (code) =>
      settle(code === 0 ? null : new Error(`${label} failed (exit ${code}):\n${output.slice(-6000)}`)),
    );
  });
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    say(`CustomerCare needs Node ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}.`);
    process.exit(1);
  }
}

const hash = (parts) => parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest('hex');

function isCurrent(stampFile, stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

export async function ensureInstalled() {
  const stampFile = join(root, 'node_modules', '.customercare-installed');
  const stamp = hash([readFileSync(join(root, 'package-lock.json')), process.version, process.platform, process.arch]);
  if (isCurrent(stampFile, stamp)) return;
  say('Installing dependencies (about a minute) …');
  await run('npm', ['ci', '--no-audit', '--no-fund'], { label: 'npm ci' });
  writeFileSync(stampFile, stamp);
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else yield path;
  }
}

function sourceStamp() {
  const parts = ['package-lock.json', 'tsconfig.json', '.swcrc'].map((file) => readFileSync(join(root, file)));
  for (const folder of ['apps', 'libs', 'widget', 'scripts']) {
    for (const file of sourceFiles(join(root, folder))) parts.push(relative(root, file), readFileSync(file));
  }
  return hash(parts);
}

/** Compiles apps and libs to dist/ and bundles the widget. Types are checked by `npm run check`, not here. */
export async function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const tests = ['**/*.spec.ts', '**/*.int-spec.ts'];
  const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const args = ['apps', 'libs', '--out-dir', 'dist', '--copy-files', '--ignore', tests.join(',')];
  await run(process.execPath, [swc, ...args], { label: 'compiling' });
  await run(process.execPath, [join(root, 'widget', 'build.mjs')], { label: 'bundling the widget' });
}

export async function ensureBuilt() {
  const stampFile = join(root, 'dist', '.built');
  const stamp = sourceStamp();
  if (isCurrent(stampFile, stamp)) return;
  say('Building …');
  await build();
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

export async function prepare() {
  checkNode();
  await ensureInstalled();
  await ensureBuilt();
}
