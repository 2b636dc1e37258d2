import { randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';

import type { AppConfig } from './app-config';
import { ConfigError } from './config-error';
import { loadConfig } from './load-config';

const secret = (): string => randomBytes(32).toString('base64');

const given = { SECRET_KEY: secret(), JWT_SECRET: secret(), ENCRYPTION_KEY: secret() };

const PRODUCTION = {
  ...given,
  ENVIRONMENT: 'production',
  ALLOWED_HOSTS: '["chat.example.com"]',
  CORS_ORIGINS: '["https://app.example.com"]',
  DATABASE_URL: 'postgres://app:pw@db.example.com:5432/cc?sslmode=verify-full',
  REDIS_URL: 'rediss://app:pw@redis.example.com:6379',
  SMTP_URL: 'smtps://app:pw@mail.example.com',
  MAIL_FROM: 'Blue Kettle <help@example.com>',
};

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.setting);
    throw error;
  }
}

describe('loadConfig in development', () => {
  it('needs nothing but secrets, which it otherwise makes itself', () => {
    const config = loadConfig(given);
    expect(config).toMatchObject<Partial<AppConfig>>({
      environment: 'development',
      database: { url: null, ownerUrl: null, poolSize: 10 },
      cache: { redisUrl: null, prefix: 'cc:' },
      logs: { level: 'warn' },
    });
    expect(config.server).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      isPortFixed: false,
      demoPort: 3001,
      publicUrl: null,
      trustProxy: 0,
      allowedHosts: [],
      corsOrigins: [],
      hasApiDocs: true,
      hasInlineWorker: true,
    });
    expect(isAbsolute(config.server.dataDir)).toBe(true);
    expect(config.tokens).toMatchObject({ accessTtlSeconds: 900, issuer: 'customercare-development' });
    expect(config.documents).toMatchObject({ maxFileBytes: 10_485_760, clamd: null });
    expect(config.answers.gemini).toBeNull();
  });

  it('knows that a port was chosen, and logs more with DEBUG', () => {
    const config = loadConfig({ ...given, PORT: '8080', DEBUG: 'true' });
    expect(config.server).toMatchObject({ port: 8080, isPortFixed: true });
    expect(config.logs.level).toBe('debug');
  });

  it('talks to Gemini once there is a key', () => {
    const { gemini } = loadConfig({ ...given, GEMINI_API_KEY: 'k', GEMINI_BASE_URL: 'http://127.0.0.1:9/' }).answers;
    expect(gemini).toEqual({
      apiKey: expect.any(Function) as () => string,
      baseUrl: 'http://127.0.0.1:9',
      model: 'gemini-3.5-flash-lite',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ ...given, PORT: '', DATABASE_URL: ' ', GEMINI_API_KEY: '' }).server.isPortFixed).toBe(false);
  });

  it('reads lists as JSON or with commas', () => {
    const json = loadConfig({ ...given, CORS_ORIGINS: '["http://localhost:5173", "https://a.example"]' });
    const commas = loadConfig({ ...given, CORS_ORIGINS: 'http://localhost:5173, https://a.example' });
    expect(json.server.corsOrigins).toEqual(['http://localhost:5173', 'https://a.example']);
    expect(commas.server.corsOrigins).toEqual(json.server.corsOrigins);
  });

  it('reads a hop count and address ranges of proxies', () => {
    expect(loadConfig({ ...given, TRUST_PROXY: '2' }).server.trustProxy).toBe(2);
    expect(loadConfig({ ...given, TRUST_PROXY: '10.0.0.0/8,fd00::/8,192.0.2.7' }).server.trustProxy).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
      '192.0.2.7',
    ]);
  });

  it('reads secrets in hexadecimal and both base64 alphabets', () => {
    const bytes = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
    const { secrets } = loadConfig({
      SECRET_KEY: bytes[0].toString('hex'),
      JWT_SECRET: bytes[1].toString('base64url'),
      ENCRYPTION_KEY: bytes[2].toString('base64'),
    });
    expect(secrets).toMatchObject({ secretKey: bytes[0], jwtSecret: bytes[1], encryptionKeys: [{ key: bytes[2] }] });
  });

  it('reads a value from the file its _FILE variable names', () => {
    const readText = (path: string): string => ({ '/run/secrets/jwt': `${given.JWT_SECRET}\n` })[path] ?? '';
    const { secrets } = loadConfig({ ...given, JWT_SECRET: '', JWT_SECRET_FILE: '/run/secrets/jwt' }, readText);
    expect(secrets.jwtSecret).toEqual(Buffer.from(given.JWT_SECRET, 'base64'));
  });

  it('names a _FILE that cannot be read, or that is set beside its variable', () => {
    const unreadable = (): string => {
      throw new Error('ENOENT /run/secrets/jwt');
    };
    expect(() => loadConfig({ ...given, REDIS_URL_FILE: '/run/secrets/redis' }, unreadable)).toThrow(
      'REDIS_URL cannot be read from the file REDIS_URL_FILE names',
    );
    expect(() => loadConfig({ ...given, JWT_SECRET_FILE: '/x' }, () => 'y')).toThrow('JWT_SECRET and JWT_SECRET_FILE');
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3000x'],
    ['PORT', '-1'],
    ['PORT', '0x10'],
    ['ENVIRONMENT', 'prod'],
    ['DEBUG', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '11'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'loopback'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', '["null"]'],
    ['CORS_ORIGINS', '["https://*.example.com"]'],
    ['CORS_ORIGINS', '["https://app.example.com/"]'],
    ['CORS_ORIGINS', '["https://app.example.com/path"]'],
    ['CORS_ORIGINS', '["https://user@app.example.com"]'],
    ['CORS_ORIGINS', '[1]'],
    ['CORS_ORIGINS', '["https://a.example"'],
    ['ALLOWED_HOSTS', '["*"]'],
    ['ALLOWED_HOSTS', '["https://chat.example.com"]'],
    ['PUBLIC_URL', 'https://chat.example.com/'],
    ['JWT_ACCESS_TTL', '59'],
    ['JWT_ACCESS_TTL', '1801'],
    ['UPLOAD_MAX_FILE_BYTES', '0'],
    ['DATABASE_URL', 'mysql://app:pw@db/cc'],
    ['REDIS_URL', 'localhost:6379'],
    ['JWT_SECRET', 'short'],
    ['JWT_SECRET', 'my-super-secret-jwt-key-for-everybody-to-see'],
    ['SECRET_KEY', 'a'.repeat(64)],
    ['ENCRYPTION_KEY', randomBytes(33).toString('base64')],
    ['ENCRYPTION_KEY', given.JWT_SECRET],
  ])('refuses %s=%s and does not repeat the value', (name, value) => {
    expect(faultsOf({ ...given, [name]: value })).toEqual([name]);
    expect(() => loadConfig({ ...given, [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(`=${value}`) }),
    );
  });
});

describe('loadConfig in production', () => {
  it('accepts a complete configuration', () => {
    const { server, database, logs } = loadConfig(PRODUCTION);
    expect(server).toMatchObject({
      host: '0.0.0.0',
      demoPort: null,
      hasApiDocs: false,
      publicUrl: 'https://chat.example.com',
      allowedHosts: ['chat.example.com'],
    });
    expect(database.url).toBe(PRODUCTION.DATABASE_URL);
    expect(logs.level).toBe('info');
  });

  it('makes sslmode=require check the certificate', () => {
    const DATABASE_URL = 'postgres://app:pw@db.example.com/cc?sslmode=require&application_name=cc';
    expect(loadConfig({ ...PRODUCTION, DATABASE_URL }).database.url).toBe(
      'postgres://app:pw@db.example.com/cc?sslmode=verify-full&application_name=cc',
    );
  });

  it('serves the host of its public address when no hosts are listed', () => {
    const { server } = loadConfig({ ...PRODUCTION, ALLOWED_HOSTS: '', PUBLIC_URL: 'https://help.example.com:8443' });
    expect(server.allowedHosts).toEqual(['help.example.com:8443']);
  });

  it('names everything that is missing at once and never makes secrets of its own', () => {
    expect(faultsOf({ ENVIRONMENT: 'production' })).toEqual([
      'SECRET_KEY',
      'JWT_SECRET',
      'ENCRYPTION_KEY',
      'ALLOWED_HOSTS',
      'SMTP_URL',
      'MAIL_FROM',
      'DATABASE_URL',
    ]);
  });

  const database = (query: string): string => `postgres://app:pw@db.example.com/cc${query}`;
  it.each([
    ['SECRET_KEY', ''],
    ['JWT_SECRET', 'changeme'],
    ['JWT_SECRET', Buffer.alloc(32).toString('base64')],
    ['JWT_SECRET', randomBytes(31).toString('base64')],
    ['JWT_SECRET', given.SECRET_KEY],
    ['SMTP_URL', ''],
    ['SMTP_URL', 'https://mail.example.com'],
    ['MAIL_FROM', ''],
    ['MAIL_FROM', 'a@example.com, b@example.com'],
    ['MAIL_FROM', 'Help\r\nBcc: <a@example.com>'],
    ['DEBUG', 'true'],
    ['LOG_LEVEL', 'trace'],
    ['CORS_ORIGINS', '["http://app.example.com"]'],
    ['CORS_ORIGINS', '["http://localhost:3000"]'],
    ['PUBLIC_URL', 'http://chat.example.com'],
    ['DATABASE_URL', ''],
    ['DATABASE_URL', database('')],
    ['DATABASE_URL', database('?sslmode=disable')],
    ['DATABASE_URL', database('?sslmode=prefer')],
    ['DATABASE_URL', database('?sslmode=allow')],
    ['DATABASE_URL', database('?sslmode=no-verify')],
    ['DATABASE_URL', database('?sslmode=require&sslmode=disable')],
    ['DATABASE_URL', database('?sslmode=require&uselibpqcompat=true')],
    ['DATABASE_URL', 'postgres://app@db.example.com/cc?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://app_dev:pw@db.example.com/cc?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://app:pw@db.example.com/customercare-staging?sslmode=verify-full'],
    ['DATABASE_OWNER_URL', 'postgres://owner:pw@db.example.com/test?sslmode=verify-full'],
    ['DATABASE_OWNER_URL', database('?sslmode=disable')],
    ['REDIS_URL', 'rediss://redis.example.com'],
    ['REDIS_URL', 'redis://app:pw@redis.example.com'],
    ['DATABASE_URL', 'postgres://app:postgres@db.example.com/cc?sslmode=verify-full'],
    ['REDIS_URL', 'rediss://app:ChangeMe@redis.example.com'],
    ['GEMINI_API_KEY', 'your-gemini-api-key'],
    ['GEMINI_BASE_URL', 'http://gemini.example.com'],
    ['TEST_CLOCK_FILE', '/tmp/clock'],
    ['WEB_FETCH_TEST_ENDPOINTS', '["127.0.0.1:4321"]'],
    ['WEB_FETCH_TEST_DNS', '127.0.0.1:5353'],
    ['WEB_FETCH_TEST_PAUSE_MS', '0'],
  ])('B13 D09 refuses %s=%s', (name, value) => {
    expect(faultsOf({ ...PRODUCTION, [name]: value })).toEqual([name]);
  });

  it('B01 B08 B13 takes words of other environments only as words of their own', () => {
    const DATABASE_URL = 'postgres://devonshire:pw@db.example.com/latest_contests?sslmode=verify-full';
    expect(faultsOf({ ...PRODUCTION, DATABASE_URL })).toEqual([]);
    expect(loadConfig(PRODUCTION).tokens.issuer).not.toBe(loadConfig(given).tokens.issuer);
  });

  it('accepts Redis without TLS on the same machine or in a container network', () => {
    for (const host of ['127.0.0.1', 'redis']) {
      expect(faultsOf({ ...PRODUCTION, REDIS_URL: `redis://app:pw@${host}:6379` })).toEqual([]);
    }
  });
});

describe('ConfigError', () => {
  it('says everything in one message that can be printed', () => {
    const error = new ConfigError([
      { setting: 'PORT', message: 'must be a number' },
      { setting: 'DEBUG', message: 'must be false' },
    ]);
    expect(error.message).toBe('The configuration cannot be used:\n  PORT must be a number\n  DEBUG must be false');
  });
});
