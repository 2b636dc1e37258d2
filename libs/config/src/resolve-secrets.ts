import type { SecretsConfig } from './app-config';
import type { ConfigFault } from './config-error';
import { SECRET_NAMES, type SecretName } from './development-secrets';
import { decodeSecret, weaknessOf } from './secret-strength';
import type { SettingValues } from './settings';

/** AES-256 takes this many bytes, no more and no fewer. */
const ENCRYPTION_KEY_BYTES = 32;

/** What is wrong with the secrets that were given, and in production also with those that were not. */
export function secretFaults(values: SettingValues): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const seen = new Map<string, SecretName>();
  for (const name of SECRET_NAMES) {
    const text = values[name];
    if (text === null) {
      if (values.ENVIRONMENT === 'production') faults.push({ setting: name, message: 'is required in production' });
      continue;
    }
    const weakness = weaknessOf(text);
    if (weakness !== null) faults.push({ setting: name, message: weakness });
    const bytes = decodeSecret(text);
    if (weakness === null && name === 'ENCRYPTION_KEY' && bytes.length !== ENCRYPTION_KEY_BYTES) {
      faults.push({ setting: name, message: `must have exactly ${ENCRYPTION_KEY_BYTES} bytes once decoded` });
    }
    const twin = seen.get(bytes.toString('hex'));
    if (twin !== undefined) faults.push({ setting: name, message: `must not be the same as ${twin}` });
    seen.set(bytes.toString('hex'), name);
  }
  return faults;
}

/** The secrets as bytes: those given, and for the rest those `kept` on this machine (asked for only when needed). */
export function resolveSecrets(values: SettingValues, kept: () => Record<SecretName, string>): SecretsConfig {
  const needsKept = SECRET_NAMES.some((name) => values[name] === null);
  const fallback = needsKept ? kept() : null;
  const secret = (name: SecretName): Buffer => {
    const text = values[name] ?? fallback?.[name];
    if (text === undefined) throw new Error(`${name} is missing`);
    return decodeSecret(text);
  };
  return {
    secretKey: secret('SECRET_KEY'),
    jwtSecret: secret('JWT_SECRET'),
    encryptionKey: secret('ENCRYPTION_KEY'),
  };
}
