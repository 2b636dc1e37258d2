import type { Role } from '@app/http';

/** From the least to the most. */
export const ROLES = ['viewer', 'agent', 'editor', 'admin', 'owner'] as const satisfies readonly Role[];

/** Whether someone in the role `own` may give, change or take away the role `other`: nobody reaches above themselves. */
export const mayManage = (own: Role, other: Role): boolean => ROLES.indexOf(own) >= ROLES.indexOf(other);
