import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DEMO_STYLES } from './demo-styles';
import { demoHtml } from './demo-html';

export interface DemoPageOptions {
  /** 0 takes a free one; `url` says which. */
  port: number;
  host: string;
  /** Where visitors' browsers reach the api, without a path. */
  apiUrl: string;
  embedKey: string;
}

/** How long open connections may take to end when the page is stopped. */
const STOP_GRACE_MS = 1000;

/**
 * A small help page with the real snippet, served on an origin of its own as a customer's site would be. Its content
 * security policy permits exactly what the widget needs and so shows integrators what to allow (docs/widget.md).
 */
export class DemoPage {
  private server: Server | undefined;

  /** The page's address on this machine; empty while it is not served. */
  get url(): string {
    const address = this.server?.address();
    return address && typeof address === 'object' ? `http://127.0.0.1:${address.port}/demo` : '';
  }

  /** Resolves when the page is served. Rejects when the port cannot be had. */
  async start({ port, host, apiUrl, embedKey }: DemoPageOptions): Promise<void> {
    const page = demoHtml({ apiUrl, embedKey });
    const headers = headersFor(apiUrl);
    this.server = createServer((request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      answer(request, response, page);
    });
    this.server.listen(port, host);
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
    await closed;
    clearTimeout(grace);
  }
}

function answer({ method, url = '/' }: IncomingMessage, response: ServerResponse, page: string): void {
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
    response.end(method === 'HEAD' ? undefined : body);
  };
  const { pathname } = new URL(url, 'http://demo');
  if (method !== 'GET' && method !== 'HEAD') return send(405, 'text/plain', 'Method not allowed');
  switch (pathname) {
    case '/demo':
      return send(200, 'text/html', page);
    case '/demo.css':
      return send(200, 'text/css', DEMO_STYLES);
    case '/':
      response.writeHead(302, { location: '/demo' }).end();
      return;
    case '/favicon.ico':
      response.writeHead(204).end(); // asked for by every browser; a 404 would stand in its console
      return;
    default:
      return send(404, 'text/plain', 'Not found');
  }
}

/** What a site with a strict policy must add for the widget: the api's origin in script-src and connect-src. */
function headersFor(apiUrl: string): Record<string, string> {
  const { origin } = new URL(apiUrl);
  // Browsers differ on whether an http(s) origin covers its WebSocket; naming both is safe everywhere.
  const socketOrigin = origin.replace(/^http/, 'ws');
  const policy = [
    "default-src 'none'",
    `script-src ${origin}`,
    `connect-src ${origin} ${socketOrigin}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cache-control': 'no-store',
  };
}
