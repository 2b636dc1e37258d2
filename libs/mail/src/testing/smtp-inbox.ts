import { createServer, type AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived at the server. */
export interface ArrivedMail {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Everything that came over the wire. */
  readonly raw: string;
}

export interface SmtpInboxOptions {
  /** Offer STARTTLS, with the library's own self-signed certificate. */
  hasTls?: boolean;
  /** Ask for this sign-in. */
  login?: { user: string; password: string };
  /** Answer the next messages with `451 try again`. */
  refusals?: number;
}

/** A real SMTP server on a free port of this machine that keeps what it is given. */
export class SmtpInbox {
  readonly arrived: ArrivedMail[] = [];
  private refusalsLeft: number;

  private constructor(
    private readonly server: SMTPServer,
    private readonly port: number,
    private readonly options: SmtpInboxOptions,
  ) {
    this.refusalsLeft = options.refusals ?? 0;
  }

  static async open(options: SmtpInboxOptions = {}): Promise<SmtpInbox> {
    const { hasTls = false, login } = options;
    const holder: { inbox?: SmtpInbox } = {};
    const server = new SMTPServer({
      hideSTARTTLS: !hasTls,
      // Nothing to read in tests, not even that the library's own certificate is public.
      logger: false,
      authOptional: login === undefined,
      allowInsecureAuth: true,
      disabledCommands: login === undefined ? ['AUTH'] : [],
      onAuth: ({ username, password }, _session, done) =>
        username === login?.user && password === login?.password
          ? done(null, { user: username })
          : done(new Error('wrong sign-in')),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join();
          holder.inbox?.take(to, Buffer.concat(chunks)).then(() => done(), done);
        });
      },
    });
    // A client that goes away in the middle is no fault of the server's.
    server.on('error', () => undefined);
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    // It must not keep a test process alive.
    server.server.unref();
    holder.inbox = new SmtpInbox(server, port, options);
    return holder.inbox;
  }

  get url(): string {
    const { login } = this.options;
    const who = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : '';
    return `smtp://${who}127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(to: string, bytes: Buffer): Promise<void> {
    if (this.refusalsLeft > 0) {
      this.refusalsLeft -= 1;
      throw Object.assign(new Error('try again'), { responseCode: 451 });
    }
    const { from, subject = '', text = '' } = await PostalMime.parse(bytes);
    this.arrived.push({ to, from: from?.address ?? '', subject, text, raw: bytes.toString('utf8') });
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      // An address of a TCP server is no path.
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
