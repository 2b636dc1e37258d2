import type { Role } from './permissions';

/** Answers who is what where. Implemented by workspaces; exported by a `@Global()` module, so that the guard finds it. */
export abstract class WorkspaceAccess {
  /** The user's role, or null for someone who is not a member and for a workspace that does not exist. */
  abstract roleOf(userId: string, workspaceId: string): Promise<Role | null>;
}
