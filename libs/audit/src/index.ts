import { AuditAddress } from './audit-address';
import { AuditEvent } from './audit-event';

export { AUDIT_ACTIONS, type AuditAction } from './audit-actions';
export { type AuditContext, type AuditData, type OutsideContext } from './audit-context';
export { AuditLog } from './audit-log';
export { AuditModule } from './audit.module';

/** For `DatabaseModule.forRoot({ entities })`. */
export const AUDIT_ENTITIES = [AuditEvent, AuditAddress];
