import type { MailConfig } from '@app/config';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';

import { LoggedMailer } from './logged-mailer';
import { MailLinks } from './mail-links';
import { MailOutbox } from './mail-outbox';
import { Mailer } from './mailer';
import { SealedJobs } from './sealed-jobs';
import { SmtpMailer } from './smtp/smtp-mailer';

const PROVIDED = [SealedJobs, MailOutbox];

/** Provides what sends mail. Needs QueueModule and a provider of `FieldCipher`. */
@Global()
@Module({})
export class MailModule implements OnApplicationShutdown {
  constructor(private readonly mailer: Mailer) {}

  /** @param publicUrl how people reach the product; links start with it */
  static forRoot({ smtpUrl, from, allowsPlainText }: MailConfig, publicUrl: string): DynamicModule {
    const mailer =
      smtpUrl === null
        ? new LoggedMailer((text) => void process.stdout.write(text))
        : new SmtpMailer({ url: smtpUrl, from, allowsPlainText });
    return MailModule.over(mailer, publicUrl);
  }

  static over(mailer: Mailer, publicUrl: string): DynamicModule {
    const own = [
      { provide: Mailer, useValue: mailer },
      { provide: MailLinks, useValue: new MailLinks(publicUrl) },
    ];
    return { module: MailModule, providers: [...own, ...PROVIDED], exports: [Mailer, MailLinks, ...PROVIDED] };
  }

  onApplicationShutdown(): void {
    if (this.mailer instanceof SmtpMailer) this.mailer.close();
  }
}
