// Layers, lowest first: what a lib may import besides itself (docs/adr/0003-layers.md).
const FOUNDATION = ['kernel', 'config', 'crypto'];
const PLATFORM = [...FOUNDATION, 'cache', 'database', 'http', 'observability'];
const LAYERS = {
  kernel: [],
  'chat-protocol': [],
  config: ['kernel'],
  crypto: ['kernel'],
  cache: FOUNDATION,
  database: FOUNDATION,
  http: [...FOUNDATION, 'cache'],
  observability: [...FOUNDATION, 'http'],
  queue: [...FOUNDATION, 'database'],
  mail: [...FOUNDATION, 'queue'],
  ai: FOUNDATION,
  'web-fetch': FOUNDATION,
  audit: [...FOUNDATION, 'database', 'http'],
  auth: [...PLATFORM, 'audit', 'queue', 'mail'],
  workspaces: [...PLATFORM, 'audit', 'auth', 'mail'],
  embeds: [...PLATFORM, 'audit', 'chat-protocol'],
  documents: [...PLATFORM, 'audit', 'ai', 'queue', 'web-fetch'],
  retrieval: [...PLATFORM, 'ai'],
  chat: [...PLATFORM, 'audit', 'ai', 'retrieval', 'embeds', 'chat-protocol'],
};

const TESTS = '(\\.(spec|int-spec|e2e-spec)\\.ts$|/testing/|^test/|^bench/)';

const layerRules = Object.entries(LAYERS).map(([lib, allowed]) => ({
  name: `layer-${lib}`,
  severity: 'error',
  comment: `libs/${lib} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: `^libs/${lib}/`, pathNot: TESTS },
  to: { path: '^(libs|apps|widget|test)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'layer-unknown',
      severity: 'error',
      comment: 'Every lib has its row in LAYERS',
      from: { path: `^libs/(?!(${Object.keys(LAYERS).join('|')})/)` },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import the tool cannot resolve escapes every other rule',
      from: {},
      to: { couldNotResolve: true },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'front-door-only',
      severity: 'error',
      comment: 'Import another lib as @app/<lib>, never by its inner path',
      from: { path: '^(libs/([^/]+)|apps|test|bench)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$|testing/index\\.ts$)', pathNot: ['^libs/$2/'] },
    },
    {
      name: 'testing-code-stays-in-tests',
      severity: 'error',
      from: { path: '^(libs|apps|widget)/', pathNot: TESTS },
      to: { path: '/testing/' },
    },
    {
      name: 'typeorm-stays-in-storage',
      severity: 'error',
      comment: 'Controllers and gateways never see TypeORM',
      from: { path: '\\.(controller|gateway)\\.ts$' },
      to: { path: 'node_modules/typeorm' },
    },
    {
      name: 'vendor-sdk-behind-port',
      severity: 'error',
      from: { pathNot: '^libs/ai/src/gemini/' },
      to: { path: 'node_modules/@google' },
    },
    {
      name: 'no-framework-in-kernel',
      severity: 'error',
      from: { path: '^libs/(kernel|chat-protocol)/' },
      to: { path: 'node_modules/(@nestjs|typeorm)' },
    },
    {
      name: 'widget-takes-only-protocol',
      severity: 'error',
      from: { path: '^widget/' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/chat-protocol/' },
    },
    {
      name: 'no-dev-dependency-shipped',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
