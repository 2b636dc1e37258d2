import { readFileSync } from 'node:fs';

import type { ConfigFault } from './config-error';
import type { Setting } from './setting';
import { type SettingName, SETTINGS, type SettingValues } from './settings';

export interface SettingsRead {
  /** Settings with a fault have their fallback's value here; nobody may use it once there is a fault. */
  readonly values: SettingValues;
  readonly faults: ConfigFault[];
  /** Names somebody set, themselves or by `_FILE`. */
  readonly isSet: (name: SettingName) => boolean;
  /** The file a setting was read from; null when it was not. */
  readonly fileOf: (name: SettingName) => string | null;
}

/** Reads the file a `*_FILE` variable names, as secret managers provide them. */
export type ReadText = (path: string) => string;

const readFromDisk: ReadText = (path) => readFileSync(path, 'utf8');

/** Reads every setting from its variable or from the file its `_FILE` variable names. An empty text is not set. */
export function readSettings(env: NodeJS.ProcessEnv, readText: ReadText = readFromDisk): SettingsRead {
  const faults: ConfigFault[] = [];
  const set = new Set<SettingName>();
  const values: Partial<Record<SettingName, unknown>> = {};
  const names = Object.keys(SETTINGS) as SettingName[]; // the keys of a const object
  for (const name of names) {
    const setting: Setting<unknown> = SETTINGS[name];
    values[name] = parseFallback(setting);
    try {
      const text = textOf(name, env, readText);
      if (text === null) continue;
      set.add(name);
      values[name] = setting.parse(text);
    } catch (error) {
      faults.push({ setting: name, message: error instanceof Error ? error.message : 'cannot be read' });
    }
  }
  // Each name was given its own parser's value in the loop above.
  return {
    values: values as SettingValues,
    faults,
    isSet: (name) => set.has(name),
    fileOf: (name) => (set.has(name) ? fileNamed(name, env) : null),
  };
}

const parseFallback = (setting: Setting<unknown>): unknown =>
  setting.fallback === null ? null : setting.parse(setting.fallback);

const fileNamed = (name: SettingName, env: NodeJS.ProcessEnv): string | null => env[`${name}_FILE`]?.trim() || null;

function textOf(name: SettingName, env: NodeJS.ProcessEnv, readText: ReadText): string | null {
  const own = env[name]?.trim() ?? '';
  const path = fileNamed(name, env) ?? '';
  if (own !== '' && path !== '') throw new Error(`and ${name}_FILE are both set`);
  if (path === '') return own === '' ? null : own;
  try {
    const content = readText(path).trim();
    return content === '' ? null : content;
  } catch {
    throw new Error(`cannot be read from the file ${name}_FILE names`);
  }
}
