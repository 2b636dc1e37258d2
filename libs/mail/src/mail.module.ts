import type { MailConfig } from '@app/config';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';

import { LoggedMailer } from './logged-mailer';
import { MailOutbox } from './mail-outbox';
import { Mailer } from './mailer';
import { SmtpMailer } from './smtp/smtp-mailer';

/** Provides `Mailer` and `MailOutbox`. Needs QueueModule and a provider of `FieldCipher`. */
@Global()
@Module({})
export class MailModule implements OnApplicationShutdown {
  constructor(private readonly mailer: Mailer) {}

  static forRoot({ smtpUrl, from, allowsPlainText }: MailConfig): DynamicModule {
    const mailer =
      smtpUrl === null
        ? new LoggedMailer((text) => void process.stdout.write(text))
        : new SmtpMailer({ url: smtpUrl, from, allowsPlainText });
    return {
      module: MailModule,
      providers: [{ provide: Mailer, useValue: mailer }, MailOutbox],
      exports: [Mailer, MailOutbox],
    };
  }

  onApplicationShutdown(): void {
    if (this.mailer instanceof SmtpMailer) this.mailer.close();
  }
}
