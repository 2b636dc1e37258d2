import { AuditAddress } from './audit-address';
import { AuditEvent } from './audit-event';

export { AUDIT_ACTIONS, type AuditAction } from './audit-actions';
export { type AuditContext, type AuditData, type OutsideContext } from './audit-context';
export { AuditLog } from './audit-log';
export { AuditModule } from './audit.module';
export { AnchorFile } from './verification/anchor-file';
export { AuditAnchorsModule } from './verification/audit-anchors.module';
export { AnchorSigner, type AuditAnchor } from './verification/audit-anchors';
export { describeFault } from './verification/describe-fault';
export { type AuditFault, type AuditVerdict, verifyAudit } from './verification/verify-audit';

/** For `DatabaseModule.forRoot({ entities })`. */
export const AUDIT_ENTITIES = [AuditEvent, AuditAddress];
