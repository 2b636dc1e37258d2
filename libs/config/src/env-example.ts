import type { Setting } from './setting';
import { SETTINGS } from './settings';

const HEAD = `# Every setting of CustomerCare. Generated from libs/config; \`npm start\` in development needs none of them.
# NAME_FILE instead of NAME reads the value from a file, as secret managers provide it.
`;

/** The content of `.env.example`: every setting, commented out, with its default or an example. */
export function envExample(): string {
  const lines: string[] = [HEAD];
  let group = '';
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    if (setting.group !== group) lines.push(`${group === '' ? '' : '\n'}# --- ${setting.group} ---`);
    group = setting.group;
    lines.push(`# ${setting.description}`, `#${name}=${setting.fallback ?? setting.example}`);
  }
  return `${lines.join('\n')}\n`;
}
