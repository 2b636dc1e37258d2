import type { AppConfig } from './app-config';
import { budgetFaults } from './budget-faults';
import { buildConfig, secretsPath } from './build-config';
import { ConfigError } from './config-error';
import { DevelopmentSecrets } from './development-secrets';
import { oidcFaults } from './oidc-faults';
import { productionFaults } from './production-rules';
import { readSettings, type ReadText } from './read-settings';
import { resolveSecrets, secretFaults } from './resolve-secrets';
import { s3Faults } from './s3-faults';
import { tokenSigningFaults } from './token-signing';

/**
 * The configuration of a process, read once in its `main.ts`. Development needs no settings; its secrets are made at
 * the first start and kept in the data folder.
 *
 * @param env usually `process.env`
 * @param readText reads what `*_FILE` variables name
 * @throws ConfigError naming every fault, without any value
 */
export function loadConfig(env: NodeJS.ProcessEnv, readText?: ReadText): AppConfig {
  const read = readSettings(env, readText);
  const faults = [
    ...read.faults,
    ...secretFaults(read.values),
    ...tokenSigningFaults(read.values),
    ...oidcFaults(read),
    ...s3Faults(read),
    ...budgetFaults(read),
  ];
  if (read.values.ENVIRONMENT === 'production') faults.push(...productionFaults(read));
  // An ENVIRONMENT nobody understands must not be taken for development.
  if (faults.length > 0) throw new ConfigError(faults);
  const secrets = resolveSecrets(read.values, () => new DevelopmentSecrets(secretsPath(read.values)).load());
  return buildConfig(read, secrets);
}
