import type { Mail, Mailer } from '../index';

export interface MailerUnderTest {
  mailer: Mailer;
  /** What reached the other side so far. */
  received: () => readonly Mail[];
  close: () => Promise<void>;
}

const MAIL: Mail = { to: 'anna@example.com', subject: 'Hello', text: 'A text.\n' };

/** What every `Mailer` promises. */
export function describeMailer(name: string, create: () => Promise<MailerUnderTest>): void {
  describe(`${name} as a mailer`, () => {
    let test: MailerUnderTest;
    beforeEach(async () => {
      test = await create();
    });
    afterEach(() => test.close());

    const received = () =>
      test.received().map(({ to, subject, text }) => ({ to, subject, text: text.trimEnd().replaceAll('\r\n', '\n') }));

    it.each([
      ['plain text', 'Hello', 'Two lines,\nthe second here.'],
      ['other scripts', 'Grüße — 静かな川', 'Ünïcode: 七羽の鴨 🦆'],
      ['a dot alone on its line', 'Dots', 'before\n.\nafter'],
      ['a long link on one line', 'Link', `https://chat.example.com/account#${'t'.repeat(300)}`],
      ['header lines in the text', 'Headers', 'Bcc: mallory@example.com\n\nstill text'],
    ])('sends %s unchanged', async (_, subject, text) => {
      await test.mailer.send({ ...MAIL, subject, text });
      expect(received()).toEqual([{ to: MAIL.to, subject, text }]);
    });

    it.each([
      ['a second recipient', { to: 'anna@example.com, mallory@example.com' }],
      ['a header behind the address', { to: 'anna@example.com\r\nBcc: mallory@example.com' }],
      ['no address', { to: 'anna' }],
      ['a header behind the subject', { subject: 'Hello\r\nBcc: mallory@example.com' }],
      ['an endless subject', { subject: 'x'.repeat(201) }],
    ])('refuses %s', async (_, fault) => {
      await expect(test.mailer.send({ ...MAIL, ...fault })).rejects.toThrow();
      expect(received()).toEqual([]);
    });

    it('sends many at once, each once', async () => {
      const subjects = Array.from({ length: 20 }, (_, index) => `Number ${index}`);
      await Promise.all(subjects.map((subject) => test.mailer.send({ ...MAIL, subject })));
      const arrived = received().map(({ subject }) => subject);
      expect(arrived.sort()).toEqual(subjects.sort());
    });

    it('sends nothing when it was called off before', async () => {
      await expect(test.mailer.send(MAIL, AbortSignal.abort())).rejects.toThrow();
      expect(received()).toEqual([]);
    });
  });
}
