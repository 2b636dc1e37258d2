import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DevelopmentSecrets } from './development-secrets';
import { loadConfig } from './load-config';

describe('DevelopmentSecrets', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'customercare-config-'));
    path = join(folder, 'data', 'secrets.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes three different secrets once and keeps them for this user alone', () => {
    const made = new DevelopmentSecrets(path).load();
    expect(new Set(Object.values(made)).size).toBe(3);
    expect(new DevelopmentSecrets(path).load()).toEqual(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'data'))).toEqual(['secrets.json']);
  });

  it('gives two machines different secrets', () => {
    const other = new DevelopmentSecrets(join(folder, 'other', 'secrets.json')).load();
    expect(new DevelopmentSecrets(path).load().JWT_SECRET).not.toBe(other.JWT_SECRET);
  });

  it('does not replace a damaged file, because encrypted data would be lost, and does not print it', () => {
    new DevelopmentSecrets(path).load();
    writeFileSync(path, '{"SECRET_KEY": "half a');
    expect(() => new DevelopmentSecrets(path).load()).toThrow(`${path} are damaged`);
    expect(() => new DevelopmentSecrets(path).load()).not.toThrow('half a');
    expect(readFileSync(path, 'utf8')).toBe('{"SECRET_KEY": "half a');
  });

  it('closes a file that others could read', () => {
    const made = new DevelopmentSecrets(path).load();
    rmSync(path);
    writeFileSync(path, JSON.stringify(made), { mode: 0o644 });
    expect(new DevelopmentSecrets(path).load()).toEqual(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is used by a start without settings, and the next start has the same keys', () => {
    const env = { DATA_DIR: join(folder, 'data') };
    const first = loadConfig(env);
    expect(first.secrets.encryptionKeys[0]?.key).toHaveLength(32);
    expect(loadConfig(env).secrets).toEqual(first.secrets);
  });

  it('is not asked in production', () => {
    expect(() => loadConfig({ ENVIRONMENT: 'production', DATA_DIR: join(folder, 'data') })).toThrow('SECRET_KEY');
    expect(readdirSync(folder)).toEqual([]);
  });
});
