import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until';

const FREE_SECONDS = 120;

/** A listener that nothing may reach. */
export class Canary {
  /** What was asked for. */
  readonly hits: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    this.hits.push(`${request.method} ${request.url}`);
    response.end();
  });

  /** Listens on this port of the machine; 0 is a free one. */
  static async on(port: number): Promise<Canary> {
    const canary = new Canary();
    // A port that files name may be the near end of somebody's connection for a while.
    await until(() => canary.listens(port), FREE_SECONDS, `a free port ${port}`);
    // A connection without a request counts as well.
    canary.server.on('connection', () => canary.hits.push('a connection'));
    return canary;
  }

  private async listens(port: number): Promise<boolean> {
    const { server } = this;
    server.listen(port, '127.0.0.1');
    return once(server, 'listening').then(
      () => true,
      () => false,
    );
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo; // it listens on TCP
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
