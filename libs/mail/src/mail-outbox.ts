import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { type Mail, Mailer } from './mailer';
import { SealedJobs } from './sealed-jobs';

const QUEUE = 'mails';

/** With pauses that grow from a second to a minute: about half an hour without a mail server loses nothing. */
export const MAIL_PROCESSING = { concurrency: 3, attempts: 36 } as const;

/**
 * Takes mails that are sent later, after the answer and also after a crash: each is a job in the database, sealed,
 * until the mail server has taken it. A mail can arrive twice.
 */
@Injectable()
export class MailOutbox implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: SealedJobs,
    private readonly mailer: Mailer,
  ) {}

  /** Resolves when the mail is safely stored. */
  async post(mail: Mail): Promise<void> {
    await this.jobs.add(QUEUE, mail);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.process<Mail>(QUEUE, (mail, signal) => this.mailer.send(mail, signal), MAIL_PROCESSING);
  }
}
