import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import type { TokenSigning } from './app-config';
import type { ConfigFault } from './config-error';
import type { SettingValues } from './settings';

type KeyAlgorithm = 'RS256';

/** NIST SP 800-131A: shorter RSA keys may not sign any more. */
const MIN_RSA_BITS = 2048;
const MAX_PREVIOUS_KEYS = 10;
const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** Environment files often hold a PEM in one line, with `\n` for its ends of lines. */
const pemOf = (text: string): string => text.replaceAll('\\n', '\n');

/** What is wrong with the keys that sign access tokens. */
export function tokenSigningFaults({ JWT_ALG, JWT_PRIVATE_KEY, JWT_PREVIOUS_KEYS }: SettingValues): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const check = (setting: string, read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      faults.push({ setting, message: error instanceof Error ? error.message : 'cannot be read' });
    }
  };
  if (JWT_ALG === 'HS256') {
    // Either a forgotten JWT_ALG or a forgotten key; tokens must not be signed with what nobody meant.
    const names = { JWT_PRIVATE_KEY, JWT_PREVIOUS_KEYS };
    for (const [setting, text] of Object.entries(names)) {
      if (text !== null) faults.push({ setting, message: 'means nothing with JWT_ALG=HS256' });
    }
    return faults;
  }
  check('JWT_PRIVATE_KEY', () => readPrivateKey(JWT_ALG, JWT_PRIVATE_KEY));
  check('JWT_PREVIOUS_KEYS', () => readPreviousKeys(JWT_ALG, JWT_PREVIOUS_KEYS));
  return faults;
}

/** The keys of settings without faults. */
export function readTokenSigning({ JWT_ALG, JWT_PRIVATE_KEY, JWT_PREVIOUS_KEYS }: SettingValues): TokenSigning {
  if (JWT_ALG === 'HS256') return { alg: 'HS256' };
  return {
    alg: JWT_ALG,
    privateKey: readPrivateKey(JWT_ALG, JWT_PRIVATE_KEY),
    previousKeys: readPreviousKeys(JWT_ALG, JWT_PREVIOUS_KEYS),
  };
}

function readPrivateKey(alg: KeyAlgorithm, text: string | null): KeyObject {
  if (text === null) throw new Error(`is required with JWT_ALG=${alg}`);
  return ofAlgorithm(
    alg,
    readable(() => createPrivateKey(pemOf(text)), 'must be a PEM private key without a passphrase'),
  );
}

function readPreviousKeys(alg: KeyAlgorithm, text: string | null): KeyObject[] {
  if (text === null) return [];
  const pem = pemOf(text);
  const blocks = pem.match(PUBLIC_KEY) ?? [];
  const isNothingElse = pem.replace(PUBLIC_KEY, '').trim() === '';
  if (!isNothingElse || blocks.length > MAX_PREVIOUS_KEYS) {
    throw new Error(`must hold PEM public keys, one after the other, and nothing else; ${MAX_PREVIOUS_KEYS} at most`);
  }
  return blocks.map((block) =>
    ofAlgorithm(
      alg,
      readable(() => createPublicKey(block), 'must hold PEM public keys'),
    ),
  );
}

function readable(read: () => KeyObject, message: string): KeyObject {
  try {
    return read();
  } catch {
    throw new Error(message); // Node's own message may quote the key
  }
}

function ofAlgorithm(alg: KeyAlgorithm, key: KeyObject): KeyObject {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw new Error(`must be RSA of at least ${MIN_RSA_BITS} bits with JWT_ALG=${alg}`);
  }
  return key;
}
