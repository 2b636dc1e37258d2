export { type AuditTrailRow, auditIndexOf, auditTrailOf } from './audit-trail-of';
