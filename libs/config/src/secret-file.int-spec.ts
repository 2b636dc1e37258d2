import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from './load-config';
import { SecretFile } from './secret-file';

describe('B05 a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'customercare-test-'));
  const path = join(folder, 'key');
  const write = (text: string, second: number): void => {
    writeFileSync(path, text);
    utimesSync(path, second, second);
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the new one as soon as the file is, and the last one while there is none', () => {
    write('first\n', 1);
    const secret = new SecretFile(path, 'first');
    expect(secret.current()).toBe('first');
    write(' second\n', 2);
    expect(secret.current()).toBe('second');
    write('', 3);
    expect(secret.current()).toBe('second');
    rmSync(path);
    expect(secret.current()).toBe('second');
    write('third', 4);
    expect(secret.current()).toBe('third');
  });

  it('B04 B07 is what the configuration hands to the model, when GEMINI_API_KEY_FILE names it', () => {
    write('planted-1', 5);
    const { gemini } = loadConfig({ GEMINI_API_KEY_FILE: path, DATA_DIR: folder }).answers;
    expect(gemini?.apiKey()).toBe('planted-1');
    write('planted-2', 6);
    expect(gemini?.apiKey()).toBe('planted-2');
    expect(loadConfig({ GEMINI_API_KEY: 'planted-3', DATA_DIR: folder }).answers.gemini?.apiKey()).toBe('planted-3');
  });
});
