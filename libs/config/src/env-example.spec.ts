import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { envExample } from './env-example';
import { loadConfig } from './load-config';

const SECRETS = Object.fromEntries(
  ['SECRET_KEY', 'JWT_SECRET', 'ENCRYPTION_KEY'].map((name, index) => [
    name,
    Buffer.from(Array.from({ length: 32 }, (_, byte) => byte * 7 + index)).toString('hex'),
  ]),
);

describe('.env.example', () => {
  it('is what the settings say', () => {
    expect(readFileSync(join(__dirname, '../../../.env.example'), 'utf8')).toBe(envExample());
  });

  it('works with every line taken in, and gives what no line gives', () => {
    const lines = envExample().match(/^#[A-Z\d_]+=.*$/gm) ?? [];
    const pairs = lines.map((line) => line.slice(1).split(/=(.*)/s) as [string, string]); // two groups by construction
    const env = Object.fromEntries(pairs.filter(([, value]) => value !== ''));
    expect(pairs.length).toBeGreaterThan(40);
    const [taken, none] = [loadConfig({ ...env, ...SECRETS }), loadConfig(SECRETS)];
    expect(taken.limits).toEqual(none.limits);
    expect(taken.tokens).toEqual(none.tokens);
  });
});
