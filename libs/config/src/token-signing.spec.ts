import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import { goodEnvironment } from './testing/bad-environments';

const privatePem = ({ privateKey }: { privateKey: KeyObject }): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = ({ publicKey }: { publicKey: KeyObject }): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const previous = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');

const load = (env: Record<string, string>) => loadConfig({ ...goodEnvironment(), ...env }).tokens.signing;

describe('B09 the keys that sign access tokens', () => {
  it('are made from JWT_SECRET when nothing is said', () => {
    expect(load({})).toEqual({ alg: 'HS256' });
  });

  it('are read for RS256, with the public keys before them', () => {
    expect(load({ JWT_ALG: 'RS256', JWT_PRIVATE_KEY: privatePem(rsa) })).toMatchObject({
      alg: 'RS256',
      previousKeys: [],
    });
    const signing = load({
      JWT_ALG: 'RS256',
      JWT_PRIVATE_KEY: privatePem(rsa),
      JWT_PREVIOUS_KEYS: `${publicPem(previous)}\n${publicPem(rsa)}`,
    });
    if (signing.alg === 'HS256') throw new Error('the algorithm was not taken');
    expect(signing.privateKey.equals(rsa.privateKey)).toBe(true);
    expect(signing.previousKeys.map((key) => publicPem({ publicKey: key }))).toEqual([
      publicPem(previous),
      publicPem(rsa),
    ]);
  });

  it('may be in one line, as environment files hold them', () => {
    const inOneLine = privatePem(rsa).replaceAll('\n', '\\n');
    expect(load({ JWT_ALG: 'RS256', JWT_PRIVATE_KEY: inOneLine })).toMatchObject({ alg: 'RS256' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no private key', { JWT_ALG: 'RS256' }, 'JWT_PRIVATE_KEY is required with JWT_ALG=RS256'],
    ['a public key instead', { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: publicPem(rsa) }, 'JWT_PRIVATE_KEY must be a PEM'],
    ['text instead', { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: 'planted-word' }, 'JWT_PRIVATE_KEY must be a PEM'],
    ['a short RSA key', { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: privatePem(shortRsa) }, 'JWT_PRIVATE_KEY must be RSA'],
    [
      'a key of another kind',
      { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: privatePem(edwards) },
      'JWT_PRIVATE_KEY must be RSA',
    ],
    [
      'a previous key of another kind',
      { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: privatePem(rsa), JWT_PREVIOUS_KEYS: publicPem(edwards) },
      'JWT_PREVIOUS_KEYS must be RSA',
    ],
    [
      'a private key among the previous ones',
      { JWT_ALG: 'RS256', JWT_PRIVATE_KEY: privatePem(rsa), JWT_PREVIOUS_KEYS: privatePem(previous) },
      'JWT_PREVIOUS_KEYS must hold PEM public keys',
    ],
    ['a key nobody uses', { JWT_PRIVATE_KEY: privatePem(rsa) }, 'JWT_PRIVATE_KEY means nothing with JWT_ALG=HS256'],
    ['an algorithm there is not', { JWT_ALG: 'none' }, 'JWT_ALG must be one of'],
  ])('are refused with %s, by name and without a value', (_, env, message) => {
    const fault = ((): unknown => {
      try {
        return load(env);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toBeInstanceOf(ConfigError);
    expect(String(fault)).toContain(message);
    expect(String(fault)).not.toMatch(/planted-word|BEGIN|MII|MC4/);
  });
});
