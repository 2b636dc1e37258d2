export { LoggedMailer } from './logged-mailer';
export { MailModule } from './mail.module';
export { MailOutbox } from './mail-outbox';
export { type Mail, Mailer } from './mailer';
export { SmtpMailer } from './smtp/smtp-mailer';
