import { connect, createServer, type Server, type Socket } from 'node:net';

/** The command that takes a channel, in Redis' protocol. */
const SUBSCRIBE = /\r\np?subscribe\r\n/i;

/** The line between the product and one of its services. A story cuts it, or lets nothing pass, and mends it. */
export class Wire {
  private readonly ends = new Set<Socket>();
  private isHeld = false;
  private isDeaf = false;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
    private readonly port: number,
  ) {}

  /** To the server of `url`. */
  static async to(url: string): Promise<Wire> {
    const server = createServer();
    await listen(server, 0);
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the wire has no port');
    const wire = new Wire(new URL(url), server, address.port);
    server.on('connection', (near) => wire.join(near));
    return wire;
  }

  /** `url` as the product has to know it, so that it goes over this wire. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.toString();
  }

  /** Every connection ends and none is taken any more: a server that stopped. */
  cut(): void {
    this.server.close();
    for (const end of this.ends) end.destroy();
  }

  /** Connections stay open, new ones are taken, and nothing passes: a machine that vanished. */
  hold(): void {
    this.isHeld = true;
    for (const end of this.ends) end.pause();
  }

  /** Of Redis: what is published does not arrive any more, and nobody is told; everything else goes on. */
  deafen(): void {
    this.isDeaf = true;
  }

  /** As it was. What was held back passes now; what was published meanwhile is lost. */
  async mend(): Promise<void> {
    this.isHeld = this.isDeaf = false;
    for (const end of this.ends) end.resume();
    if (!this.server.listening) await listen(this.server, this.port);
  }

  private join(near: Socket): void {
    const far = connect(Number(this.target.port), this.target.hostname);
    let isSubscriber = false;
    near.on('data', (bytes: Buffer) => (isSubscriber ||= SUBSCRIBE.test(bytes.toString('latin1'))));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.ends.add(one);
      one.on('data', (bytes: Buffer) => {
        if (!(this.isDeaf && isSubscriber && one === far)) other.write(bytes);
      });
      one.on('error', () => undefined);
      one.on('close', () => {
        this.ends.delete(one);
        other.destroy();
      });
      if (this.isHeld) one.pause();
    }
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
