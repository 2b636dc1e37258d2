// Builds the widget's static files into dist/widget and weighs them against the budgets of docs/widget.md.
// Usage: node widget/build.mjs [--out <folder>] [--quiet]
import { minify } from '@swc/core';
import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const outDir = option('--out') ?? join(here, '../dist/widget');

/** Style sheets become minified text. */
const cssText = {
  name: 'css-text',
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css',
        minify: true,
        target: 'safari16.4',
      });
      return { contents: `export default ${JSON.stringify(code.trim())}`, loader: 'js' };
    });
  },
};

// The folders of Socket.IO's client; engine.io-client is resolved the way the client itself resolves it.
const require = createRequire(import.meta.url);
const clientDir = dirname(require.resolve('socket.io-client/package.json'));
const engineDir = dirname(require.resolve('engine.io-client/package.json', { paths: [clientDir] }));

/** A file of our own, or a short module, for an import of Socket.IO's client. */
const PANEL_SOCKET = {
  'socket.io-client': `
    export { Manager } from '${clientDir}/build/esm/manager.js';
    export { WS as WebSocket } from '${engineDir}/build/esm/transports/websocket.js';`,
  'engine.io-client': `
    export { Socket } from '${engineDir}/build/esm/socket.js';
    export { installTimerFunctions } from '${engineDir}/build/esm/util.js';
    export { nextTick } from '${engineDir}/build/esm/globals.js';`,
  './transports/index.js': 'export const transports = {};',
  './contrib/parseuri.js': { file: 'src/panel/socket/parse-uri.ts' },
  './contrib/backo2.js': { file: 'src/panel/socket/no-backoff.ts' },
  'socket.io-parser': { file: 'src/panel/socket/socket-parser.ts' },
  'engine.io-parser': { file: 'src/panel/socket/engine-parser.ts' },
};
const POLLING_SOCKET = {
  'socket.io-client': `export { Fetch } from '${engineDir}/build/esm/transports/polling-fetch.js';`,
};

/**
 * Puts small modules in place of parts of Socket.IO's client: its front doors pull in every transport (the panel names the
 * one it starts with, and polling is a file of its own), and binary attachments are never sent (the protocol is JSON only).
 */
const slimSocketClient = (parts) => ({
  name: 'slim-socket-client',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /./ }, ({ path }) => {
      if (!Object.hasOwn(parts, path)) return undefined;
      const part = parts[path];
      return part.file ? { path: join(here, part.file) } : { path, namespace: 'slim', pluginData: part };
    });
    pluginBuild.onLoad({ filter: /./, namespace: 'slim' }, ({ pluginData }) => ({
      contents: pluginData,
      resolveDir: engineDir,
      loader: 'js',
    }));
  },
});

const KILO = 1000;
/** English is in panel.js. */
const LOCALES = ['ar', 'de', 'es', 'fr', 'hi', 'ja', 'pt', 'zh'];

/** `name`: the served file. `failBytes`: gzip -9; more is a failed build. */
const FILES = [
  { name: 'customercare.js', entry: 'src/loader/main.ts', format: 'iife', failBytes: 4.0 * KILO },
  { name: 'panel.js', entry: 'src/panel/main.ts', format: 'esm', socketParts: PANEL_SOCKET, failBytes: 24 * KILO },
  ...LOCALES.map((locale) => ({
    name: `locale-${locale}.js`,
    entry: `src/panel/locales/${locale}.ts`,
    format: 'esm',
    failBytes: KILO,
  })),
  { name: 'challenge.js', entry: 'src/challenge/main.ts', format: 'esm', failBytes: 3 * KILO },
  { name: 'polling.js', entry: 'src/polling/main.ts', format: 'esm', socketParts: POLLING_SOCKET, failBytes: 4 * KILO },
];

async function bundle({ entry, format, socketParts = {} }) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format,
    platform: 'browser',
    target: ['es2022', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    tsconfig: join(here, 'tsconfig.json'),
    plugins: [cssText, slimSocketClient(socketParts)],
  });
  // swc's minifier leaves about 3 % less than esbuild's own, and the panel is the heaviest thing a visitor fetches.
  const { code } = await minify(result.outputFiles[0].text, {
    module: format === 'esm',
    ecma: 2022,
    compress: { passes: 3, ecma: 2022 },
    mangle: true,
    format: { comments: false, ecma: 2022 },
  });
  return Buffer.from(code);
}

await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });
let isTooHeavy = false;
for (const file of FILES) {
  const bytes = await bundle(file);
  await writeFile(join(outDir, file.name), bytes);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliCompressSync(bytes).length;
  const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  const verdict = gzip > file.failBytes ? 'TOO HEAVY' : 'ok';
  isTooHeavy ||= gzip > file.failBytes;
  if (!process.argv.includes('--quiet') || gzip > file.failBytes)
    console.log(
      `${file.name.padEnd(16)} ${bytes.length} B, gzip ${gzip} B of ${file.failBytes}, brotli ${brotli} B, ${verdict}  ${integrity}`,
    );
}
if (isTooHeavy) process.exitCode = 1;
