import type { ErrorCode } from '@app/kernel';

import type { RefusalReason } from './access-trail';
import { isAllowed, type Permission, type Role } from './permissions';
import type { Standing } from './workspace-access';

/** What a refusal says to the client; the reason is for the trail alone. */
export const REFUSAL_CODES: Readonly<Record<RefusalReason, ErrorCode>> = {
  'not-a-member': 'workspace.not-found',
  'permission-missing': 'access.denied',
  'not-a-user': 'access.denied',
  'step-up-missing': 'auth.step-up-required',
  'workspace-suspended': 'workspace.suspended',
};

/** Whether somebody gets into a workspace for something, and as what, or why not. */
export type Entry = { readonly role: Role } | { readonly refused: RefusalReason };

export function enter(standing: Standing | null, permission: Permission): Entry {
  if (standing === null) return { refused: 'not-a-member' };
  if (standing === 'suspended') return { refused: 'workspace-suspended' };
  return isAllowed(standing, permission) ? { role: standing } : { refused: 'permission-missing' };
}
