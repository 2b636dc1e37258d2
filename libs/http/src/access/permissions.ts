/** What a member may be in a workspace. The same words as in the table `workspace_members`. */
export type Role = 'owner' | 'admin' | 'editor' | 'agent' | 'viewer';

/** What a route asks for: noun.action. */
export type Permission =
  | 'workspace.read'
  | 'workspace.leave'
  | 'workspace.manage'
  | 'workspace.transfer'
  | 'members.read'
  | 'members.manage'
  | 'api-keys.manage'
  | 'documents.read'
  | 'documents.write'
  | 'quarantine.manage'
  | 'search.run'
  | 'embeds.read'
  | 'embeds.write'
  | 'conversations.read'
  | 'audit.read';

const VIEWER: readonly Permission[] = [
  'workspace.read',
  'workspace.leave',
  'members.read',
  'documents.read',
  'search.run',
];
const AGENT: readonly Permission[] = [...VIEWER, 'conversations.read'];
const EDITOR: readonly Permission[] = [...AGENT, 'documents.write', 'embeds.read'];
const ADMIN: readonly Permission[] = [
  ...EDITOR,
  'quarantine.manage',
  'embeds.write',
  'members.manage',
  'api-keys.manage',
  'workspace.manage',
  'audit.read',
];
const OWNER: readonly Permission[] = [...ADMIN, 'workspace.transfer'];

/**
 * The whole permission table; there is no other place where a role means something to a route. `docs/security.md` shows
 * it to people, and a test compares the two.
 */
export const PERMISSIONS_BY_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  agent: new Set(AGENT),
  editor: new Set(EDITOR),
  admin: new Set(ADMIN),
  owner: new Set(OWNER),
};

/**
 * What an API key may be made for. Never who belongs to the workspace or what the workspace is: a program that leaks
 * its key must not be able to make itself at home.
 */
export const API_KEY_PERMISSIONS = [
  'documents.read',
  'documents.write',
  'search.run',
  'embeds.read',
  'embeds.write',
  'conversations.read',
  'audit.read',
] as const satisfies readonly Permission[];

export const isAllowed = (role: Role, permission: Permission): boolean => PERMISSIONS_BY_ROLE[role].has(permission);
