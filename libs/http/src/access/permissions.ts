/** What a member may be in a workspace. The same words as in the table `workspace_members`. */
export type Role = 'owner' | 'admin' | 'editor' | 'agent' | 'viewer';

/** What a route asks for: noun.action. */
export type Permission =
  | 'workspace.read'
  | 'workspace.manage'
  | 'members.read'
  | 'members.manage'
  | 'documents.read'
  | 'documents.write'
  | 'search.run'
  | 'embeds.read'
  | 'embeds.write'
  | 'conversations.read'
  | 'audit.read';

const VIEWER: readonly Permission[] = ['workspace.read', 'members.read', 'documents.read', 'search.run'];
const AGENT: readonly Permission[] = [...VIEWER, 'conversations.read'];
const EDITOR: readonly Permission[] = [...AGENT, 'documents.write', 'embeds.read'];
const ADMIN: readonly Permission[] = [...EDITOR, 'embeds.write', 'members.manage', 'workspace.manage', 'audit.read'];

/**
 * The whole permission table; there is no other place where a role means something to a route. What only an owner may
 * do (hand the workspace over, delete it) will be permissions of its own.
 */
export const PERMISSIONS_BY_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  agent: new Set(AGENT),
  editor: new Set(EDITOR),
  admin: new Set(ADMIN),
  owner: new Set(ADMIN),
};

export const isAllowed = (role: Role, permission: Permission): boolean => PERMISSIONS_BY_ROLE[role].has(permission);
