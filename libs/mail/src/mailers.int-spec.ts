import { fieldCipherForTests } from '@app/crypto/testing';
import { MemoryJobQueue } from '@app/queue/testing';

import { LoggedMailer, MailOutbox, SealedJobs, SmtpMailer } from './index';
import { CollectedMails, describeMailer, SmtpInbox } from './testing';

const FROM = 'CustomerCare <no-reply@example.com>';
const MAIL = { to: 'anna@example.com', subject: 'Hello', text: 'A text.' };

async function smtp(options: Parameters<typeof SmtpInbox.open>[0] = {}, allowsPlainText = true) {
  const inbox = await SmtpInbox.open(options);
  const mailer = new SmtpMailer({ url: inbox.url, from: FROM, allowsPlainText });
  const close = async (): Promise<void> => {
    mailer.close();
    await inbox.close();
  };
  return { inbox, mailer, received: () => inbox.arrived, close };
}

describeMailer('SmtpMailer', () => smtp());
describeMailer('SmtpMailer with a sign-in and STARTTLS', () =>
  smtp({ hasTls: true, login: { user: 'us er', password: 'p@ss/word' } }),
);
describeMailer('CollectedMails', async () => {
  const mailer = new CollectedMails();
  return { mailer, received: () => mailer.sent, close: async () => undefined };
});

describe('SmtpMailer', () => {
  it('names the configured sender', async () => {
    const { inbox, mailer, close } = await smtp();
    await mailer.send(MAIL);
    expect(inbox.arrived[0]).toMatchObject({ from: 'no-reply@example.com' });
    expect(inbox.arrived[0]?.raw).toContain('From: CustomerCare <no-reply@example.com>');
    await close();
  });

  it.each([
    ['offers no encryption', false],
    ['shows a certificate nobody signed', true],
  ])('sends nothing to a server elsewhere that %s', async (_, hasTls) => {
    const { inbox, mailer, close } = await smtp({ hasTls }, false);
    await expect(mailer.send(MAIL)).rejects.toThrow('The mail server did not take a message');
    expect(inbox.arrived).toEqual([]);
    await close();
  });

  it('fails with codes and without the address when the server refuses or is not there', async () => {
    const { mailer, close } = await smtp({ refusals: 1 });
    const refused = await mailer.send(MAIL).catch((error: unknown) => error);
    expect(String(refused)).toContain('451');
    await close();
    const alone = new SmtpMailer({ url: 'smtp://127.0.0.1:9', from: FROM, allowsPlainText: true });
    const missing = await alone.send(MAIL).catch((error: unknown) => error);
    expect(missing).toMatchObject({ code: expect.stringMatching(/^E/) });
    expect(JSON.stringify([String(refused), String(missing), missing])).not.toContain('anna');
    alone.close();
  });
});

describe('LoggedMailer', () => {
  it('shows the whole mail at the terminal', async () => {
    let shown = '';
    await new LoggedMailer((text) => (shown += text)).send(MAIL);
    expect(shown).toBe('\n── mail to anna@example.com: Hello\n│ A text.\n──\n\n');
  });
});

describe('MailOutbox', () => {
  it('stores a mail sealed, and sends it again until the server takes it', async () => {
    const { inbox, mailer, close } = await smtp({ refusals: 2 });
    const queue = new MemoryJobQueue();
    const stored: unknown[] = [];
    const add = queue.add.bind(queue);
    queue.add = (name, payload, options) => {
      stored.push(payload);
      return add(name, payload, options);
    };
    const outbox = new MailOutbox(new SealedJobs(queue, fieldCipherForTests()), mailer);
    await outbox.post(MAIL);
    expect(inbox.arrived).toEqual([]);
    await outbox.onApplicationBootstrap();
    await queue.whenIdle();
    expect(inbox.arrived).toMatchObject([MAIL].map(({ to, subject }) => ({ to, subject })));
    expect(JSON.stringify(stored)).not.toMatch(/anna|Hello|text/);
    await close();
  });
});
