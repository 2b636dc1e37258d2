import type { SecretsConfig } from './app-config';
import type { ConfigFault } from './config-error';
import { SECRET_NAMES, type SecretName } from './development-secrets';
import { encryptionKeyFaults, readEncryptionKeys } from './encryption-keys';
import { decodeSecret, weaknessOf } from './secret-strength';
import type { SettingValues } from './settings';

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
    for (const message of faultsOf(name, text)) faults.push({ setting: name, message });
    for (const bytes of bytesOf(name, text)) {
      const twin = seen.get(bytes.toString('hex'));
      if (twin !== undefined && twin !== name)
        faults.push({ setting: name, message: `must not be the same as ${twin}` });
      seen.set(bytes.toString('hex'), name);
    }
  }
  return faults;
}

function faultsOf(name: SecretName, text: string): string[] {
  if (name === 'ENCRYPTION_KEY') return encryptionKeyFaults(text);
  const weakness = weaknessOf(text);
  return weakness === null ? [] : [weakness];
}

const bytesOf = (name: SecretName, text: string): Buffer[] =>
  name === 'ENCRYPTION_KEY' ? readEncryptionKeys(text).map(({ key }) => key) : [decodeSecret(text)];

/** The secrets as bytes: those given, and for the rest those `kept` on this machine (asked for only when needed). */
export function resolveSecrets(values: SettingValues, kept: () => Record<SecretName, string>): SecretsConfig {
  const needsKept = SECRET_NAMES.some((name) => values[name] === null);
  const fallback = needsKept ? kept() : null;
  const secret = (name: SecretName): string => {
    const text = values[name] ?? fallback?.[name];
    if (text === undefined) throw new Error(`${name} is missing`);
    return text;
  };
  return {
    secretKey: decodeSecret(secret('SECRET_KEY')),
    jwtSecret: decodeSecret(secret('JWT_SECRET')),
    encryptionKeys: readEncryptionKeys(secret('ENCRYPTION_KEY')),
  };
}
