import type { ConfigFault } from './config-error';
import type { SettingsRead } from './read-settings';
import { isPlaceholder } from './secret-strength';

const TOGETHER = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

/** A provider is described whole or not at all: half a description would silently leave people without their sign-in. */
export function oidcFaults({ values }: SettingsRead): ConfigFault[] {
  const missing = TOGETHER.filter((setting) => values[setting] === null);
  if (missing.length === 0 || missing.length === TOGETHER.length) return [];
  return missing.map((setting) => ({ setting, message: 'is required beside the other OIDC settings' }));
}

/** The client secret and the tokens pass through it. */
export function oidcProductionFaults({ values: { OIDC_ISSUER, OIDC_CLIENT_SECRET } }: SettingsRead): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (OIDC_ISSUER !== null && !OIDC_ISSUER.startsWith('https://')) {
    faults.push({ setting: 'OIDC_ISSUER', message: 'must start with https:// in production' });
  }
  if (isPlaceholder(OIDC_CLIENT_SECRET ?? '')) {
    faults.push({ setting: 'OIDC_CLIENT_SECRET', message: 'looks like a placeholder' });
  }
  return faults;
}
