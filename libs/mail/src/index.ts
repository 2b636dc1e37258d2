export { LoggedMailer } from './logged-mailer';
export { MailLinks } from './mail-links';
export { MailModule } from './mail.module';
export { MAIL_PROCESSING, MailOutbox } from './mail-outbox';
export { type Mail, Mailer } from './mailer';
export { SealedJobs } from './sealed-jobs';
export { SmtpMailer } from './smtp/smtp-mailer';
