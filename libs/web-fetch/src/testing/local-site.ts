import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';

export type Route = (request: IncomingMessage, response: ServerResponse) => void;

interface LocalSiteOptions {
  readonly address?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A web server on this machine, answering 404 where no route was given. Remembers who asked for what. */
export class LocalSite {
  readonly requests: IncomingMessage[] = [];
  readonly routes = new Map<string, Route>();
  connections = 0;
  port = 0;
  private readonly server: Server;

  constructor(private readonly options: LocalSiteOptions = {}) {
    const answer: RequestListener = (request, response) => {
      this.requests.push(request);
      const route = this.routes.get(request.url ?? '');
      if (route) route(request, response);
      else response.writeHead(404).end();
    };
    this.server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
    this.server.on('connection', () => this.connections++);
  }

  get paths(): string[] {
    return this.requests.map(({ url }) => url ?? '');
  }

  get endpoint(): string {
    return `${this.options.address ?? '127.0.0.1'}:${this.port}`;
  }

  async start(): Promise<this> {
    this.server.listen(this.options.port ?? 0, this.options.address ?? '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port; // it listens on TCP
    return this;
  }

  forget(): void {
    this.requests.length = 0;
    this.routes.clear();
    this.connections = 0;
  }

  html(path: string, body: string, headers: Record<string, string> = {}): void {
    this.route(path, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
    });
  }

  text(path: string, body: string | Buffer, type = 'text/plain'): void {
    this.route(path, (_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
  }

  redirect(path: string, location: string, status = 302): void {
    this.route(path, (_request, response) => response.writeHead(status, { location }).end());
  }

  route(path: string, route: Route): void {
    this.routes.set(path, route);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
