import type { ConfigFault } from './config-error';
import type { SettingsRead } from './read-settings';

const TOGETHER = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

/** A provider is described whole or not at all: half a description would silently leave people without their sign-in. */
export function oidcFaults({ values }: SettingsRead): ConfigFault[] {
  const missing = TOGETHER.filter((setting) => values[setting] === null);
  if (missing.length === 0 || missing.length === TOGETHER.length) return [];
  return missing.map((setting) => ({ setting, message: 'is required beside the other OIDC settings' }));
}

/** The client secret and the tokens pass through it. */
export function oidcProductionFaults({ values }: SettingsRead): ConfigFault[] {
  const isPlain = values.OIDC_ISSUER !== null && !values.OIDC_ISSUER.startsWith('https://');
  return isPlain ? [{ setting: 'OIDC_ISSUER', message: 'must start with https:// in production' }] : [];
}
