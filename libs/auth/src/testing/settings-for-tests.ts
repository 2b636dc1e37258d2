import { AuthSettings } from '../auth-settings';
import { configForTests } from './config-for-tests';

/** The groups of `configForTests` this lib reads. */
export function settingsForTests(): AuthSettings {
  const { tokens, secrets } = configForTests();
  return new AuthSettings(tokens, secrets);
}
