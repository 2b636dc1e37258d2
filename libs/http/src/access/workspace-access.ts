import type { Role } from './permissions';

/** How somebody stands to a workspace: in a role, or suspended with it. */
export type Standing = Role | 'suspended';

/** Answers who is what where. Implemented by workspaces; exported by a `@Global()` module, so that the guard finds it. */
export abstract class WorkspaceAccess {
  /**
   * The user's role; `suspended` for any member of a workspace the operator suspended; null for someone who is not a
   * member and for a workspace that does not exist.
   */
  abstract roleOf(userId: string, workspaceId: string): Promise<Standing | null>;
}
