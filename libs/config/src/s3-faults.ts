import type { ConfigFault } from './config-error';
import { isLoopback } from './near-host';
import type { SettingsRead } from './read-settings';
import { isPlaceholder } from './secret-strength';
import type { SettingName } from './settings';

const TOGETHER = [
  'BLOBS_S3_BUCKET',
  'BLOBS_S3_ENDPOINT',
  'BLOBS_S3_ACCESS_KEY_ID',
  'BLOBS_S3_SECRET_ACCESS_KEY',
] as const satisfies readonly SettingName[];

/** Half a description would silently leave files in the folder of one node. */
export function s3Faults({ isSet }: SettingsRead): ConfigFault[] {
  const missing = TOGETHER.filter((setting) => !isSet(setting));
  if (missing.length === TOGETHER.length) return [];
  return missing.map((setting) => ({ setting, message: 'is required beside the other BLOBS_S3 settings' }));
}

/** Files are sealed on the way, but who listens learns their names and sizes, and who answers may withhold them. */
export function s3ProductionFaults({ values }: SettingsRead): ConfigFault[] {
  const { BLOBS_S3_ENDPOINT: endpoint, BLOBS_S3_SECRET_ACCESS_KEY: secret } = values;
  const faults: ConfigFault[] = [];
  if (endpoint !== null && !endpoint.startsWith('https://') && !isLoopback(new URL(endpoint).hostname)) {
    faults.push({ setting: 'BLOBS_S3_ENDPOINT', message: 'must start with https:// in production' });
  }
  if (isPlaceholder(secret ?? '')) {
    faults.push({ setting: 'BLOBS_S3_SECRET_ACCESS_KEY', message: 'looks like a placeholder' });
  }
  return faults;
}
