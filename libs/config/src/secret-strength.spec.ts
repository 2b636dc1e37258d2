import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { encryptionKeyFaults } from './encryption-keys';
import { loadConfig } from './load-config';
import { decodeSecret, weaknessOf } from './secret-strength';
import { goodEnvironment } from './testing/bad-environments';

describe('A secret', () => {
  it('B06 is taken as openssl rand writes it, in one line or two', () => {
    for (let round = 0; round < 200; round += 1) {
      const bytes = randomBytes(64);
      const base64 = bytes.toString('base64');
      const wrapped = `${base64.slice(0, 64)}\n${base64.slice(64)}`;
      for (const text of [base64, wrapped, bytes.toString('base64url'), bytes.toString('hex')]) {
        expect([weaknessOf(text), decodeSecret(text)]).toEqual([null, bytes]);
      }
    }
  });

  it('B06 is refused with less than 32 bytes', () => {
    expect(weaknessOf(randomBytes(31).toString('base64'))).toBe('must have at least 32 bytes once decoded');
    expect(weaknessOf(randomBytes(31).toString('hex'))).toBe('must have at least 32 bytes once decoded');
  });

  it.each([
    ['this is a sentence of more than 32 bytes', 'must be random bytes written in hexadecimal or base64'],
    [Buffer.from('this is a sentence of more than 32 bytes').toString('base64'), 'is text; take random bytes'],
    [Buffer.from('this is a sentence of more than 32 bytes').toString('hex'), 'is text; take random bytes'],
    ['asdfghjklasdfghjklzxcvbnmqwertzuiopasdfghjkl', 'looks typed; take random bytes'],
    ['PaleoloxodontaElephasMammuthusPrimelephasAAA', 'looks typed; take random bytes'],
    ['00ff'.repeat(16), 'repeats itself; take random bytes'],
    ['MyCompanyDefaultJwt7Xk29Qm4Zb81Rt65Wn0Vy3Lp8', 'looks like a placeholder or a well-known value'],
  ])('is refused when it is %s', (text, weakness) => {
    expect(weaknessOf(text)).toBe(weakness);
  });
});

const CORPUS = join(__dirname, '../../../../shared/data/attack/text/jwt-weak-secret.txt');
const suite = existsSync(CORPUS) ? describe : describe.skip;

suite('Published secrets (skipped when ../shared/data/attack is not beside the checkout)', () => {
  const secrets = existsSync(CORPUS)
    ? readFileSync(CORPUS, 'utf8')
        .trim()
        .split(/\s*\n\s*/)
    : [];

  it('A41 B33 are refused, every one of them', () => {
    expect(secrets.length).toBeGreaterThan(50_000);
    expect(secrets.filter((secret) => weaknessOf(secret) === null)).toEqual([]);
    expect(secrets.filter((secret) => encryptionKeyFaults(secret).length === 0)).toEqual([]);
  });

  it.each(['JWT_SECRET', 'SECRET_KEY', 'ENCRYPTION_KEY'])('A41 B33 are refused as %s, the long ones too', (name) => {
    const long = secrets.filter((secret) => secret.length >= 32);
    expect(long.length).toBeGreaterThan(400);
    const good = goodEnvironment();
    for (const secret of long) expect(() => loadConfig({ ...good, [name]: secret })).toThrow(name);
  });
});
