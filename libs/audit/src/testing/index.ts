export { type AuditTrailRow, auditTrailOf } from './audit-trail-of';
