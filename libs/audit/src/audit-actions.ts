/**
 * Every action the audit trail can name, noun.verb-past. Append-only: a name that was released is never reused for
 * something else. A module that records something new adds its line here, so that a reader finds them all in one place.
 */
export const AUDIT_ACTIONS = [
  'user.registered',
  'registration.requested',
  'password-reset.requested',
  'password.reset',
  'password.changed',
  'session.started',
  'session.start-failed',
  'session.refreshed',
  'session.reuse-detected',
  'session.ended',
  'session.challenged',
  'session.confirmed',
  'session.confirmation-failed',
  'device-code.requested',
  'device-code.used',
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
  'audit.exported',

  'workspace.created',
  'workspace.renamed',
  'member.added',
  'member.role-changed',
  'member.removed',
  'member.left',
  'workspace.transferred',
  'workspace.suspended',
  'workspace.restored',
  'invitation.sent',
  'invitation.sent-again',
  'invitation.withdrawn',
  'api-key.created',
  'api-key.revoked',

  'document.uploaded',
  'document.refused',
  'document.hidden-text-found',
  'document.indexed',
  'document.failed',
  'document.retried',
  'document.cancelled',
  'document.downloaded',
  'document.deleted',
  'document.published',
  'document.quarantined',
  'document.released',
  'document.rescan-requested',
  'document.flagged',
  'knowledge-policy.changed',

  'snippet.created',
  'snippet.updated',
  'snippet.deleted',
  'bulk-upload.started',
  'bulk-upload.refused',
  'bulk-upload.finished',
  'bulk-upload.failed',
  'bulk-upload.cancelled',
  'knowledge.exported',
  'document.withdrawn',

  'source.created',
  'source.updated',
  'source.deleted',
  'source.sync-started',
  'source.sync-cancelled',
  'source.synced',
  'source.sync-failed',

  'embed.created',
  'embed.updated',
  'embed.disabled',
  'embed.enabled',
  'embed.deleted',
  'embed.killed',
  'embed-key.rotated',
  'embed-key.revoked',
  'identity-secret.created',
  'identity-secret.revoked',
  'disclosure.accepted',
  'visitor-session.started',
  'visitor-session.resumed',
  'visitor-session.reuse-detected',

  'usage-limits.updated',
  'budget.neared',
  'budget.spent',

  'conversation.started',
  'answer.completed',
  'answer.refused',
  'answer.failed',
  'answer.stopped',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** How what was tried ended: done, not allowed, or allowed and not done. */
export const AUDIT_RESULTS = ['succeeded', 'denied', 'failed'] as const;

export type AuditResult = (typeof AUDIT_RESULTS)[number];

/** Actions whose last word says something else than it seems: an answer that says "I do not know" is a whole answer. */
const EXCEPTIONS: Partial<Record<AuditAction, AuditResult>> = { 'answer.refused': 'succeeded' };

/** The result an action stands for, told by its last word: `…denied`, `…refused`, `…reuse-detected`, `…failed`. */
export function resultOf(action: AuditAction): AuditResult {
  const known = EXCEPTIONS[action];
  if (known) return known;
  if (/[.-](denied|refused|reuse-detected)$/.test(action)) return 'denied';
  return /[.-]failed$/.test(action) ? 'failed' : 'succeeded';
}
