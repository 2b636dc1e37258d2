import { generateKeyPairSync } from 'node:crypto';

import { envExample } from './env-example';
import { loadConfig } from './load-config';
import { readSettings } from './read-settings';
import { SETTINGS, type SettingName } from './settings';
import { goodEnvironment } from './testing/bad-environments';

/** Every setting with a text that it accepts: its default or example, and secrets made for this run. */
function everySetting(): Record<string, string> {
  const lines = envExample().match(/^#[A-Z\d_]+=.+$/gm) ?? [];
  const written = Object.fromEntries(lines.map((line) => line.slice(1).split(/=(.*)/s).slice(0, 2)));
  const { SECRET_KEY, JWT_SECRET, ENCRYPTION_KEY } = goodEnvironment();
  const keys = { SECRET_KEY, JWT_SECRET, ENCRYPTION_KEY, GEMINI_API_KEY: 'a-key-of-gemini' };
  const MODEL_PRICES = JSON.stringify({ [written['GEMINI_MODEL'] ?? '']: { input: 1, output: 1 } });
  return { ...written, ...keys, MODEL_PRICES, JWT_ALG: 'RS256', ...signingKeys };
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKeys = {
  JWT_PRIVATE_KEY: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  JWT_PREVIOUS_KEYS: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

describe('Settings', () => {
  const names = Object.keys(SETTINGS) as SettingName[]; // the keys of a const object

  it.each(names)('A88 B04 B07 B17 reads %s from the file that its _FILE variable names', (name) => {
    const text = everySetting()[name];
    if (text === undefined) throw new Error(`${name} needs an example`);
    const files: Record<string, string> = { '/run/secrets/it': `${text}\n` };
    const read = readSettings({ [`${name}_FILE`]: '/run/secrets/it' }, (path) => files[path] ?? '');
    expect(read.faults).toEqual([]);
    expect(read.isSet(name)).toBe(true);
    expect(read.values[name]).toEqual(readSettings({ [name]: text }).values[name]);
  });

  it('A88 B04 B07 B17 are all read from files alone, and the product is the same', () => {
    const env = everySetting();
    const inFiles = Object.fromEntries(Object.keys(env).map((name) => [`${name}_FILE`, name]));
    const { answers, ...fromFiles } = loadConfig(inFiles, (path) => env[path] ?? '');
    const { answers: same, ...fromVariables } = loadConfig(env);
    expect(fromFiles).toEqual(fromVariables);
    // The model's key is the one setting that is read again later: where it came from is kept.
    expect(answers.gemini).toEqual({ ...same.gemini, apiKey: expect.any(Function) as unknown });
    expect(answers.gemini?.apiKey()).toBe(env['GEMINI_API_KEY']);
  });
});
