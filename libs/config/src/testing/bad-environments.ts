import { randomBytes } from 'node:crypto';

import type { SettingName } from '../settings';

const secret = (): string => randomBytes(32).toString('base64');

/** Every setting production needs, none of them weak; new secrets at every call. No such servers exist. */
export const goodEnvironment = () => ({
  ENVIRONMENT: 'production',
  SECRET_KEY: secret(),
  JWT_SECRET: secret(),
  ENCRYPTION_KEY: secret(),
  ALLOWED_HOSTS: '["chat.customercare.test"]',
  CORS_ORIGINS: '["https://app.customercare.test"]',
  DATABASE_URL: 'postgres://app:pw-of-the-app@db.customercare.test:5432/cc?sslmode=verify-full',
  REDIS_URL: 'rediss://app:pw-of-redis@redis.customercare.test:6379',
  SMTP_URL: 'smtps://app:pw-of-smtp@mail.customercare.test',
  MAIL_FROM: 'Blue Kettle <help@customercare.test>',
});

type GoodEnvironment = ReturnType<typeof goodEnvironment>;

interface BadEnvironment {
  readonly name: string;
  /** What the refusal must name. */
  readonly setting: SettingName;
  /** The setting's bad text, which nobody may read in the refusal. */
  readonly value: (good: GoodEnvironment) => string;
}

const bad = (setting: SettingName, name: string, value: string | BadEnvironment['value']): BadEnvironment => ({
  name: `${setting}: ${name}`,
  setting,
  value: typeof value === 'string' ? () => value : value,
});

const database = (query: string, login = 'app:planted-word'): string =>
  `postgres://${login}@db.customercare.test:5432/cc${query}`;

const SECRETS = (['SECRET_KEY', 'JWT_SECRET', 'ENCRYPTION_KEY'] as const).flatMap((name) => [
  bad(name, 'missing', ''),
  bad(name, 'short', randomBytes(31).toString('base64')),
  bad(name, 'the default of a guide', 'defaultsecretfordevonly'),
  bad(name, 'a long placeholder', 'your-256-bit-secret-your-256-bit-secret-1234'),
  bad(name, 'one letter', 'a'.repeat(64)),
  bad(name, 'zeros', Buffer.alloc(32).toString('base64')),
  bad(name, 'a sentence', 'penguins-live-in-the-desert-to-eat-cactus-and-more'),
  bad(name, 'a sentence in base64', Buffer.from('Penguins live in the Desert 24').toString('base64').repeat(2)),
  bad(name, 'a password', '!RCR#hJFp*d8nHUZ@U79vC*HndVg292phyZ#5^Xb'),
]);

/** One thing wrong each. What only a running database can tell is not among them. */
export const BAD_ENVIRONMENTS: readonly BadEnvironment[] = [
  ...SECRETS,
  bad('JWT_SECRET', 'the same as SECRET_KEY', (good) => good.SECRET_KEY),
  bad('ENCRYPTION_KEY', 'the same as JWT_SECRET', (good) => good.JWT_SECRET),
  bad('ENCRYPTION_KEY', '48 bytes', randomBytes(48).toString('base64')),
  bad('ENVIRONMENT', 'misspelt', 'prodution'),
  bad('DEBUG', 'on', 'True'),
  bad('LOG_LEVEL', 'debug', 'debug'),
  bad('LOG_LEVEL', 'trace', 'trace'),
  bad('DATABASE_URL', 'missing', ''),
  bad('DATABASE_URL', 'no sslmode', database('')),
  ...['disable', 'allow', 'prefer', 'no-verify', 'verify-ca', 'VERIFY-FULL'].map((mode) =>
    bad('DATABASE_URL', `sslmode=${mode}`, database(`?sslmode=${mode}`)),
  ),
  bad('DATABASE_URL', 'two sslmodes', database('?sslmode=verify-full&sslmode=disable')),
  bad('DATABASE_URL', 'uselibpqcompat', database('?sslmode=require&uselibpqcompat=true')),
  bad('DATABASE_URL', 'no password', database('?sslmode=verify-full', 'planted-login')),
  bad('DATABASE_URL', 'a well-known password', database('?sslmode=verify-full', 'app:postgres')),
  bad('DATABASE_URL', 'the login postgres', database('?sslmode=verify-full', 'postgres:planted-word')),
  bad('DATABASE_URL', 'the login Admin', database('?sslmode=verify-full', 'Admin:planted-word')),
  bad('DATABASE_URL', 'another login behind the question mark', database('?sslmode=verify-full&user=postgres')),
  bad('DATABASE_URL', 'another host behind the question mark', database('?sslmode=verify-full&host=planted.test')),
  bad('DATABASE_URL', 'another server', 'mysql://app:planted-word@db.customercare.test/cc'),
  bad('DATABASE_OWNER_URL', 'sslmode=disable', database('?sslmode=disable')),
  bad('REDIS_URL', 'no password', 'rediss://redis.planted.test:6379'),
  bad('REDIS_URL', 'a login without a password', 'rediss://app@redis.planted.test:6379'),
  bad('REDIS_URL', 'a well-known password', 'rediss://app:ChangeMe@redis.planted.test:6379'),
  bad('REDIS_URL', 'no TLS to another machine', 'redis://app:planted-word@redis.planted.test:6379'),
  bad('CORS_ORIGINS', 'a star', '["*"]'),
  bad('CORS_ORIGINS', 'null', '["null"]'),
  bad('CORS_ORIGINS', 'http', '["http://app.planted.test"]'),
  bad('CORS_ORIGINS', 'http on this machine', '["http://localhost:3000"]'),
  bad('CORS_ORIGINS', 'a trailing slash', '["https://app.planted.test/"]'),
  bad('CORS_ORIGINS', 'a wildcard', '["https://*.planted.test"]'),
  bad('CORS_ORIGINS', 'capitals', '["https://APP.planted.test"]'),
  bad('CORS_ORIGINS', 'no list', '["https://app.planted.test"'),
  bad('ALLOWED_HOSTS', 'missing', ''),
  bad('ALLOWED_HOSTS', 'a star', '["*"]'),
  bad('ALLOWED_HOSTS', 'a wildcard', '["*.planted.test"]'),
  bad('PUBLIC_URL', 'http', 'http://chat.planted.test'),
  bad('TRUST_PROXY', 'true', 'true'),
  bad('TRUST_PROXY', 'everybody', '0.0.0.0/0'),
  bad('JWT_ACCESS_TTL', 'more than half an hour', '1801'),
  bad('TEST_CLOCK_FILE', 'set', '/tmp/planted-clock'),
  bad('WEB_FETCH_TEST_ENDPOINTS', 'set', '["127.0.0.1:4321"]'),
  bad('WEB_FETCH_TEST_DNS', 'set', '127.0.0.1:5353'),
  bad('WEB_FETCH_TEST_PAUSE_MS', 'set', '0'),
  bad('GEMINI_API_KEY', 'a placeholder', 'your-planted-gemini-key'),
  bad('GEMINI_BASE_URL', 'http', 'http://gemini.planted.test'),
];
