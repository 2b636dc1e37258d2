import type { Role } from './permissions';

/** How somebody stands to a workspace: in a role, or suspended with it. */
export type Standing = Role | 'suspended';

/** Somebody's standing changed; of everybody in the workspace when `userId` is null. */
export interface StandingChange {
  readonly workspaceId: string;
  readonly userId: string | null;
}

/** Answers who is what where. Implemented by workspaces; exported by a `@Global()` module, so that the guard finds it. */
export abstract class WorkspaceAccess {
  /**
   * The user's role; `suspended` for any member of a workspace the operator suspended; null for someone who is not a
   * member and for a workspace that does not exist.
   */
  abstract roleOf(userId: string, workspaceId: string): Promise<Standing | null>;

  /**
   * Calls back on every node after a change; a message may be lost, so it does not replace `roleOf`. Who does not
   * implement it never calls.
   * @returns ends it
   */
  async onChange(_listener: (change: StandingChange) => void): Promise<() => Promise<void>> {
    return async () => undefined;
  }
}
