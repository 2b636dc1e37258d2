import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { API_KEY_PERMISSIONS, isAllowed, type Permission, PERMISSIONS_BY_ROLE, type Role } from './permissions';

const ROLES = Object.keys(PERMISSIONS_BY_ROLE) as Role[]; // the keys of a Record<Role, …>
const granted = [...new Set(ROLES.flatMap((role) => [...PERMISSIONS_BY_ROLE[role]]))].sort();

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The table in docs/security.md whose first column is headed "permission": for each permission, who has it. */
function documentedMatrix(): Record<string, string[]> {
  const lines = readFileSync(join(__dirname, '../../../../docs/security.md'), 'utf8').split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === 'permission');
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [, ...columns] = cellsOf(lines[start] ?? '');
  const rows = lines.slice(start + 2, end).map(cellsOf);
  return Object.fromEntries(
    rows.map(([name = '', ...cells]) => [
      name.replaceAll('`', ''),
      columns.filter((_, index) => cells[index] === 'yes').sort(),
    ]),
  );
}

describe('I07 the permission table', () => {
  const documented = documentedMatrix();

  it('has exactly the permissions that docs/security.md lists', () => {
    expect(Object.keys(documented).sort()).toEqual(granted);
  });

  it.each(granted)('I07 %s is for exactly those docs/security.md says', (permission) => {
    const roles: string[] = ROLES.filter((role) => isAllowed(role, permission));
    const keys: string[] = API_KEY_PERMISSIONS.some((own) => own === permission) ? ['API key'] : [];
    expect([...roles, ...keys].sort()).toEqual(documented[permission]);
  });

  it('gives each role everything the one below it has', () => {
    const ladder: Role[] = ['viewer', 'agent', 'editor', 'admin', 'owner'];
    for (const [index, role] of ladder.slice(1).entries()) {
      const below = PERMISSIONS_BY_ROLE[ladder[index] ?? 'viewer'];
      expect([...below].filter((permission) => !isAllowed(role, permission))).toEqual([]);
    }
  });

  it('gives API keys nothing about the workspace, its people or its keys', () => {
    const forbidden: Permission[] = granted.filter((permission) => /^(workspace|members|api-keys)\./.test(permission));
    expect(API_KEY_PERMISSIONS.filter((own) => forbidden.some((permission) => permission === own))).toEqual([]);
  });
});
