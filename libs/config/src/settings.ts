import { DOCUMENT_SETTINGS } from './document-settings';
import { modelPrices } from './model-prices';
import { flag, host, integer, list, mailSender, oneOf, origin, path, text, trustedProxies, url } from './parsers';
import { optional, withDefault } from './setting';

const SERVER = 'Server';
const SECRETS = 'Secrets (development makes its own; production needs all three, each from: openssl rand -base64 32)';
const STORES = 'Database and cache';
const SESSIONS = 'Sessions (seconds)';
const MAIL = 'Mail';
const OIDC = 'Signing in with another provider (OpenID Connect; off unless the first three are set)';
const ANSWERS = 'Answers';
const LIMITS = 'Limits (per client address unless it says otherwise)';
const BUDGETS =
  'Budgets of a workspace for models that cost (empty: none; owners may set less). When spent, the offline answers';
const CHALLENGES = 'Proof of work (a widget solves it by itself; each embed may ask for it always or never)';
const TESTS = 'For tests';

/** Sums of money and tokens stay whole numbers that JSON carries exactly. */
const AMOUNT = integer(0, 1_000_000_000_000);

/** Security guides: an access token lives at most 30 minutes, and 15 by default. */
const ACCESS_TTL = integer(60, 1800);

/** Every setting there is. `.env.example` is generated from this table. */
export const SETTINGS = {
  ENVIRONMENT: withDefault(
    SERVER,
    'development, test or production; production refuses everything weak',
    'development',
    oneOf('development', 'test', 'production'),
  ),
  DEBUG: withDefault(SERVER, 'More in the logs; refused in production', 'false', flag),
  LOG_LEVEL: withDefault(
    SERVER,
    'fatal, error, warn, info, debug or trace; in development warn when not set',
    'info',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace'),
  ),
  HOST: optional(SERVER, 'Address to listen on: 127.0.0.1, in production 0.0.0.0', '127.0.0.1', text),
  PORT: withDefault(
    SERVER,
    'Port of the api; in development a free one is taken when it is in use',
    '3000',
    integer(0, 65535),
  ),
  DEMO: withDefault(
    SERVER,
    'Make a demo workspace at the first start and serve its page; never in production',
    'true',
    flag,
  ),
  DEMO_PORT: withDefault(SERVER, 'Port of the demo page; there is none in production', '3001', integer(0, 65535)),
  PUBLIC_URL: optional(SERVER, 'How browsers reach the api', 'https://chat.example.com', origin),
  ALLOWED_HOSTS: withDefault(
    SERVER,
    'JSON list of Host headers served; in development the loopback names',
    '[]',
    list(host),
  ),
  CORS_ORIGINS: withDefault(
    SERVER,
    'JSON list of origins whose pages may call the admin api; widgets have their own lists',
    '[]',
    list(origin),
  ),
  TRUST_PROXY: withDefault(
    SERVER,
    'Number of proxies in front, or their addresses; decides which client address is believed',
    '0',
    trustedProxies,
  ),
  HSTS_PRELOAD: withDefault(SERVER, 'Add preload to HSTS in production; hard to undo', 'false', flag),
  DATA_DIR: withDefault(SERVER, 'Folder for everything that must survive a restart', './.data', text),
  AUDIT_ANCHOR_FILE: optional(
    SERVER,
    "Where the ends of the audit trail's chains are noted; keep it where the database's administrators cannot write",
    '/var/log/customercare/audit-anchors.jsonl',
    text,
  ),
  AUDIT_ANCHOR_INTERVAL: withDefault(SERVER, 'Seconds between two such notes', '600', integer(10, 86_400)),
  INLINE_WORKER: withDefault(SERVER, 'Process documents inside the api; false when a worker runs', 'true', flag),

  SECRET_KEY: optional(
    SECRETS,
    'Signs refresh tokens, seals kept answers and makes the database login of development',
    '',
    text,
  ),
  JWT_SECRET: optional(SECRETS, 'Signs access and visitor tokens', '', text),
  ENCRYPTION_KEY: optional(
    SECRETS,
    'Encrypts stored data; exactly 32 bytes, or id:key,id:key to rotate: the first encrypts, all decrypt',
    '',
    text,
  ),

  DATABASE_URL: optional(
    STORES,
    'PostgreSQL 15 or newer; without it an embedded one runs in DATA_DIR. Production needs sslmode=verify-full',
    'postgres://app:password@db.example.com:5432/customercare?sslmode=verify-full',
    url('postgres:', 'postgresql:'),
  ),
  DATABASE_OWNER_URL: optional(
    STORES,
    'Login that migrates; without it migrations are run by the migrate command',
    'postgres://owner:password@db.example.com:5432/customercare?sslmode=verify-full',
    url('postgres:', 'postgresql:'),
  ),
  DATABASE_POOL_SIZE: withDefault(STORES, 'Connections per process', '10', integer(1, 200)),
  REDIS_URL: optional(
    STORES,
    'Redis or Valkey; needed as soon as there are two processes',
    'rediss://app:password@redis.example.com:6379',
    url('redis:', 'rediss:'),
  ),
  REDIS_PREFIX: withDefault(STORES, 'Starts every key and channel', 'cc:', text),

  JWT_ACCESS_TTL: withDefault(SESSIONS, 'Life of an access token, 60 to 1800', '900', ACCESS_TTL),
  JWT_ALG: withDefault(
    SESSIONS,
    'HS256 (with a key made from JWT_SECRET) or RS256 (with JWT_PRIVATE_KEY) signs access tokens',
    'HS256',
    oneOf('HS256', 'RS256'),
  ),
  JWT_PRIVATE_KEY: optional(SESSIONS, 'PEM: RSA of at least 2048 bits, or Ed25519', '', text),
  JWT_PREVIOUS_KEYS: optional(
    SESSIONS,
    'PEM public keys, one after the other, whose tokens are still good while keys change',
    '',
    text,
  ),
  JWT_REFRESH_TTL: withDefault(SESSIONS, 'Life of an unused refresh token', '604800', integer(60, 604_800)),
  SESSION_MAX_TTL: withDefault(
    SESSIONS,
    'Sign in again after this long at the latest',
    '2592000',
    integer(60, 7_776_000),
  ),
  VISITOR_TOKEN_TTL: withDefault(SESSIONS, "Life of a visitor's token", '900', integer(60, 900)),
  VISITOR_RESUME_TTL: withDefault(
    SESSIONS,
    'A visitor comes back to the conversation within',
    '2592000',
    integer(60, 2_592_000),
  ),

  PASSWORD_HASH_MEMORY_KIB: withDefault(
    SESSIONS,
    'Memory to hash a password (argon2id), at least 19456; passwords are hashed again at the next sign-in',
    '19456',
    integer(19_456, 1_048_576),
  ),
  PASSWORD_HASH_PASSES: withDefault(SESSIONS, 'Passes to hash a password (argon2id), at least 2', '2', integer(2, 20)),

  SMTP_URL: optional(
    MAIL,
    'Mail server; without it mails are shown at the terminal. Production needs one, with smtps: or STARTTLS',
    'smtps://user:password@mail.example.com:465',
    url('smtp:', 'smtps:'),
  ),
  MAIL_FROM: withDefault(MAIL, 'Sender of mails', 'CustomerCare <no-reply@localhost>', mailSender),

  OIDC_ISSUER: optional(
    OIDC,
    'The provider; production needs https. Register <PUBLIC_URL>/v1/auth/oidc/callback there',
    'https://login.example.com',
    url('https:', 'http:'),
  ),
  OIDC_CLIENT_ID: optional(OIDC, 'How the provider knows this product', 'customercare', text),
  OIDC_CLIENT_SECRET: optional(OIDC, 'What the provider gave for it', 'change-me', text),
  OIDC_NAME: withDefault(OIDC, 'What the button says', 'Single sign-on', text),
  OIDC_SIGN_UP: withDefault(OIDC, 'Make an account for a confirmed e-mail address nobody has yet', 'false', flag),
  OIDC_RETURN_PATH: withDefault(OIDC, 'Page below PUBLIC_URL that a browser comes back to', '/', path),

  ...DOCUMENT_SETTINGS,

  GEMINI_API_KEY: optional(ANSWERS, 'Google Gemini; without it sentences of the documents answer, offline', '', text),
  GEMINI_BASE_URL: withDefault(
    ANSWERS,
    'Where Gemini is',
    'https://generativelanguage.googleapis.com',
    url('https:', 'http:'),
  ),
  GEMINI_MODEL: withDefault(ANSWERS, 'Model that answers', 'gemini-3.5-flash-lite', text),
  ANSWER_TIMEOUT: withDefault(ANSWERS, 'Seconds an answer may take', '30', integer(1, 300)),

  CHALLENGE_SESSIONS_PER_IP: withDefault(
    CHALLENGES,
    'New visitor sessions of an address (of a /64 in IPv6) in ten minutes before more of them cost work',
    '20',
    integer(1, 1_000_000),
  ),
  CHALLENGE_SESSIONS_PER_EMBED: withDefault(
    CHALLENGES,
    'New visitor sessions of an embed in ten minutes before more of them cost work',
    '600',
    integer(1, 10_000_000),
  ),

  LIMIT_REQUESTS_PER_MINUTE: withDefault(LIMITS, 'Requests to the api', '300', integer(1, 1_000_000)),
  LIMIT_AUTH_REQUESTS_PER_MINUTE: withDefault(
    LIMITS,
    'Sign-ins, registrations and refreshes',
    '20',
    integer(1, 1_000_000),
  ),
  LIMIT_EMBED_SESSIONS_PER_MINUTE: withDefault(LIMITS, 'Visitor sessions', '30', integer(1, 1_000_000)),
  LIMIT_EMBED_SESSIONS_PER_HOUR: withDefault(
    LIMITS,
    'Visitor sessions; a widget in use asks for four, and many visitors may share an address',
    '600',
    integer(1, 10_000_000),
  ),
  LIMIT_MESSAGES_PER_MINUTE: withDefault(LIMITS, 'Messages of a visitor', '60', integer(1, 1_000_000)),
  LIMIT_MESSAGES_PER_HOUR: withDefault(LIMITS, 'Messages of a visitor', '1000', integer(1, 10_000_000)),
  LIMIT_IP_MESSAGES_PER_MINUTE: withDefault(
    LIMITS,
    'Messages from an address to one workspace',
    '300',
    integer(1, 1_000_000),
  ),
  LIMIT_IP_MESSAGES_PER_HOUR: withDefault(
    LIMITS,
    'Messages from an address to one workspace',
    '5000',
    integer(1, 10_000_000),
  ),
  LIMIT_EMBED_MESSAGES_PER_MINUTE: withDefault(
    LIMITS,
    'Messages through an embed; its owner may set less',
    '1000',
    integer(1, 1_000_000),
  ),
  LIMIT_EMBED_MESSAGES_PER_HOUR: withDefault(
    LIMITS,
    'Messages through an embed; its owner may set less',
    '20000',
    integer(1, 10_000_000),
  ),
  LIMIT_WORKSPACE_MESSAGES_PER_MINUTE: withDefault(
    LIMITS,
    'Messages through all embeds of a workspace; its owner may set less',
    '2000',
    integer(1, 1_000_000),
  ),
  LIMIT_WORKSPACE_MESSAGES_PER_HOUR: withDefault(
    LIMITS,
    'Messages through all embeds of a workspace; its owner may set less',
    '40000',
    integer(1, 10_000_000),
  ),
  LIMIT_SOCKETS_PER_VISITOR: withDefault(LIMITS, 'Open sockets of a visitor', '5', integer(1, 1_000)),
  LIMIT_SOCKETS_PER_IP: withDefault(LIMITS, 'Open sockets of an address', '10', integer(1, 1_000_000)),

  BUDGET_TOKENS_PER_DAY: optional(BUDGETS, 'Tokens, read and written', '5000000', AMOUNT),
  BUDGET_TOKENS_PER_MONTH: optional(BUDGETS, 'Tokens, read and written', '100000000', AMOUNT),
  BUDGET_COST_MICROS_PER_DAY: optional(BUDGETS, 'Millionths of the currency of MODEL_PRICES', '5000000', AMOUNT),
  BUDGET_COST_MICROS_PER_MONTH: optional(BUDGETS, 'Millionths of the currency of MODEL_PRICES', '100000000', AMOUNT),
  BUDGET_MODEL_CALLS_PER_DAY: optional(BUDGETS, 'Calls to a model, repeated ones included', '10000', AMOUNT),
  BUDGET_MODEL_CALLS_PER_MONTH: optional(BUDGETS, 'Calls to a model, repeated ones included', '200000', AMOUNT),
  BUDGET_VISITOR_TOKENS_PER_DAY: withDefault(BUDGETS, 'Tokens of one visitor, read and written', '500000', AMOUNT),
  MODEL_PRICES: withDefault(
    BUDGETS,
    'JSON: model → millionths of a currency unit for a million tokens read (input) and written (output); others cost 0',
    '{}',
    modelPrices,
  ),

  TEST_CLOCK_FILE: optional(
    TESTS,
    'File that holds by how many seconds the clock is ahead; refused in production',
    '/run/customercare/clock',
    text,
  ),
  WEB_FETCH_TEST_ENDPOINTS: withDefault(
    TESTS,
    'JSON list of address:port that web sources may be read from besides the internet; refused in production',
    '[]',
    list(text),
  ),
  WEB_FETCH_TEST_DNS: optional(
    TESTS,
    'Name server (address:port) that is asked for the names of web sources; refused in production',
    '127.0.0.1:5353',
    text,
  ),
  WEB_FETCH_TEST_PAUSE_MS: optional(
    TESTS,
    'Milliseconds between two requests to a site, instead of a second; refused in production',
    '0',
    integer(0, 60_000),
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;

/** Every setting's value: its own, or its fallback's. */
export type SettingValues = { [Name in SettingName]: ReturnType<(typeof SETTINGS)[Name]['parse']> };
