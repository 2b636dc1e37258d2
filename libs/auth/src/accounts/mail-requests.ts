import { KeyValueStore } from '@app/cache';
import { sha256 } from '@app/crypto';
import { AppError } from '@app/kernel';
import { MAIL_PROCESSING, SealedJobs } from '@app/mail';
import { Injectable } from '@nestjs/common';

import { normaliseEmail } from './account-seals';

const MAX_MAILS = 5;
const WINDOW_SECONDS = 3600;

/**
 * Mails that strangers ask for to an address they name: a link to confirm it, a link to a new password. What is sent,
 * and whether anything is, is decided by a job after the answer, so that neither the answer nor its time tells whether
 * the address has an account. Five of a kind an hour is what one mailbox has to bear.
 */
@Injectable()
export class MailRequests {
  constructor(
    private readonly store: KeyValueStore,
    private readonly jobs: SealedJobs,
  ) {}

  /**
   * Resolves alike when the mailbox had enough.
   * @throws AppError `service.not-ready` when the counter can not be reached
   */
  async ask(kind: string, email: string, content: object): Promise<void> {
    if ((await this.count(kind, email)) <= MAX_MAILS) await this.jobs.add(kind, content);
  }

  /** `send` is tried again until it resolves; the same content may come twice. */
  process<Content extends object>(
    kind: string,
    send: (content: Content, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    return this.jobs.process<Content>(kind, send, MAIL_PROCESSING);
  }

  private async count(kind: string, email: string): Promise<number> {
    const name = sha256(normaliseEmail(email)).toString('base64url');
    try {
      return (await this.store.increment(`mails:${kind}:${name}`, WINDOW_SECONDS)).count;
    } catch (cause) {
      throw new AppError('service.not-ready', { cause });
    }
  }
}
