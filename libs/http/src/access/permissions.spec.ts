import { isAllowed, type Permission, PERMISSIONS_BY_ROLE, type Role } from './permissions';

/** The matrix as it is documented: a change here is a change of what people may do. */
const MATRIX: Record<Permission, Role[]> = {
  'workspace.read': ['owner', 'admin', 'editor', 'agent', 'viewer'],
  'workspace.manage': ['owner', 'admin'],
  'members.read': ['owner', 'admin', 'editor', 'agent', 'viewer'],
  'members.manage': ['owner', 'admin'],
  'documents.read': ['owner', 'admin', 'editor', 'agent', 'viewer'],
  'documents.write': ['owner', 'admin', 'editor'],
  'search.run': ['owner', 'admin', 'editor', 'agent', 'viewer'],
  'embeds.read': ['owner', 'admin', 'editor'],
  'embeds.write': ['owner', 'admin'],
  'conversations.read': ['owner', 'admin', 'editor', 'agent'],
  'audit.read': ['owner', 'admin'],
};
const ROLES = Object.keys(PERMISSIONS_BY_ROLE) as Role[]; // the keys of a Record<Role, …>
const permissions = Object.keys(MATRIX) as Permission[]; // the keys of a Record<Permission, …>

describe('Permissions', () => {
  it.each(permissions)('%s is for exactly the roles in the matrix', (permission) => {
    expect(ROLES.filter((role) => isAllowed(role, permission)).sort()).toEqual([...MATRIX[permission]].sort());
  });

  it('knows no permission outside the matrix', () => {
    const granted = new Set(ROLES.flatMap((role) => [...PERMISSIONS_BY_ROLE[role]]));
    expect([...granted].sort()).toEqual([...permissions].sort());
  });
});
