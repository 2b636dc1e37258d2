import { FieldCipher } from '@app/crypto';
import { newId } from '@app/kernel';
import { JobQueue } from '@app/queue';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { type Mail, Mailer } from './mailer';

const QUEUE = 'mails';
/** With pauses that grow from a second to a minute: about half an hour without a mail server loses nothing. */
const PROCESSING = { concurrency: 3, attempts: 36 } as const;

const placeOf = (id: string) => ({ table: 'jobs', column: 'mail', rowId: id, workspaceId: null });

/**
 * Takes mails that are sent later, after the answer and also after a crash: each is a job in the database, sealed,
 * until the mail server has taken it. A mail can arrive twice.
 */
@Injectable()
export class MailOutbox implements OnApplicationBootstrap {
  constructor(
    private readonly queue: JobQueue,
    private readonly mailer: Mailer,
    private readonly cipher: FieldCipher,
  ) {}

  /** Resolves when the mail is safely stored. */
  async post(mail: Mail): Promise<void> {
    const id = newId();
    await this.queue.add(QUEUE, { id, mail: this.cipher.seal(placeOf(id), JSON.stringify(mail)) }, { id });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.process(
      QUEUE,
      async ({ id = '', mail = '' }, signal) => {
        // Sealed by `post`.
        await this.mailer.send(JSON.parse(this.cipher.open(placeOf(id), mail)) as Mail, signal);
      },
      PROCESSING,
    );
  }
}
