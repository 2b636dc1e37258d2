export { CollectedMails } from './collected-mails';
