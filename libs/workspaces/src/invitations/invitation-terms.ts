export const INVITATION_DAYS = 7;

/** More than a company invites at once, and little for somebody who wants to send mails to strangers. */
export const MAX_OPEN_INVITATIONS = 100;

/** The same invitation is mailed once in this time. */
export const RESEND_SECONDS = 60;
