import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import { BAD_ENVIRONMENTS, goodEnvironment } from './testing/bad-environments';

/** Shorter ones are words of the messages themselves. */
const TELLING_CHARS = 8;

function refusal(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('What production refuses', () => {
  it('is not a complete and strong environment', () => {
    expect(() => loadConfig(goodEnvironment())).not.toThrow();
  });

  it.each(BAD_ENVIRONMENTS)('D09 A30 A41 A42 A43 A44 A45 A46 A47 B10 B30 B33 $name', ({ setting, value }) => {
    const good = goodEnvironment();
    const text = value(good);
    const { message, faults } = refusal({ ...good, [setting]: text });
    expect(faults.map((fault) => fault.setting)).toContain(setting);
    expect(new Set(faults.map((fault) => fault.setting)).size).toBe(setting === 'ENVIRONMENT' ? faults.length : 1);
    const { ENVIRONMENT, ...values } = good;
    const shown = [text, ...Object.values(values)].filter((part) => part !== ENVIRONMENT && message.includes(part));
    expect(shown.filter(({ length }) => length >= TELLING_CHARS)).toEqual([]);
    expect(message).not.toMatch(/planted/);
  });

  it('D09 is at least forty environments', () => {
    expect(BAD_ENVIRONMENTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(BAD_ENVIRONMENTS.map(({ name }) => name)).size).toBe(BAD_ENVIRONMENTS.length);
  });
});

describe('The guides’ own spelling', () => {
  it('A44 A45 A46 A47 takes DEBUG=False and JSON lists in production', () => {
    const { server, logs } = loadConfig({
      ...goodEnvironment(),
      DEBUG: 'False',
      CORS_ORIGINS: '["https://a.customercare.test", "https://b.customercare.test"]',
      ALLOWED_HOSTS: '["a.customercare.test", "b.customercare.test"]',
    });
    expect(server).toMatchObject({
      hasApiDocs: false,
      demoPort: null,
      corsOrigins: ['https://a.customercare.test', 'https://b.customercare.test'],
      allowedHosts: ['a.customercare.test', 'b.customercare.test'],
    });
    expect(logs.level).toBe('info');
  });

  it('A30 A42 B10 makes sslmode=require check the certificate', () => {
    const DATABASE_URL = 'postgres://app:pw-of-the-app@db.customercare.test/cc?sslmode=require&application_name=cc';
    expect(loadConfig({ ...goodEnvironment(), DATABASE_URL }).database.url).toContain('sslmode=verify-full&');
  });
});
