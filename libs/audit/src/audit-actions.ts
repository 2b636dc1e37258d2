/**
 * Every action the audit trail can name, noun.verb-past. Append-only: a name that was released is never reused for
 * something else. A module that records something new adds its line here, so that a reader finds them all in one place.
 */
export const AUDIT_ACTIONS = [
  'user.registered',
  'session.started',
  'session.start-failed',
  'session.refreshed',
  'session.reuse-detected',
  'session.ended',
  'session.challenged',
  'session.confirmed',
  'session.confirmation-failed',
  'second-factor.enrolment-started',
  'second-factor.enabled',
  'second-factor.disabled',
  'second-factor.failed',
  'recovery-code.used',
  'recovery-codes.renewed',
  'identity.linked',
  'identity.unlinked',
  'identity.sign-in-failed',
  'session.revoked',
  'user.suspended',
  'user.restored',
  'access.denied',

  'workspace.created',
  'workspace.renamed',
  'member.added',
  'member.role-changed',
  'member.removed',

  'document.uploaded',
  'document.refused',
  'document.hidden-text-found',
  'document.indexed',
  'document.failed',
  'document.retried',
  'document.downloaded',
  'document.deleted',

  'embed.created',
  'embed.updated',
  'embed.disabled',
  'embed.enabled',
  'embed.deleted',
  'visitor-session.started',
  'visitor-session.resumed',
  'visitor-session.reuse-detected',

  'conversation.started',
  'answer.completed',
  'answer.refused',
  'answer.failed',
  'answer.stopped',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
