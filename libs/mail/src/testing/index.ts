export { CollectedMails } from './collected-mails';
export { describeMailer } from './describe-mailer';
export { type ArrivedMail, SmtpInbox } from './smtp-inbox';
