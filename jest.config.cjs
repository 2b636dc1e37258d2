const { readFileSync } = require('node:fs');

// Tests see a copy of the environment, so that `LocalEmbeddings` cannot set this for the native library there.
process.env.ORT_DISABLE_TELEMETRY = '1';

// The aliases of tsconfig.json, one by one, so that Jest resolves what the compiler resolves.
const { paths } = JSON.parse(readFileSync(`${__dirname}/tsconfig.json`, 'utf8')).compilerOptions;
const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([alias, [file]]) => [`^${alias}$`, file.replace('./', '<rootDir>/')]),
);
const swc = JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8'));
delete swc.$schema;
delete swc.jsc.baseUrl;
delete swc.jsc.paths;

const project = (displayName, testRegex, extra = {}) => ({
  displayName,
  rootDir: __dirname,
  testRegex,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, sourceMaps: 'inline' }] },
  moduleNameMapper,
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  ...extra,
});

/** unit: no I/O · integration: real database · story: the built product through its front door */
module.exports = {
  projects: [
    project('unit', '/(apps|libs|widget|scripts)/.*(?<!int-|e2e-)spec\\.ts$'),
    project('integration', '/(apps|libs)/.*\\.int-spec\\.ts$'),
    project('story', '/test/.*\\.e2e-spec\\.ts$'),
  ],
  testTimeout: 60_000,
};
