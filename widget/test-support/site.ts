import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SitePage {
  html: string;
  /** Content-Security-Policy */
  policy?: string;
}

/** A customer's site: pages on an origin of their own, other than the gateway's. */
export class Site {
  private readonly pages = new Map<string, SitePage>();
  private readonly server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://site');
    if (pathname === '/favicon.ico') return void response.writeHead(204).end(); // browsers with a window ask every site
    const page = this.pages.get(pathname);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (page?.policy) response.setHeader('content-security-policy', page.policy);
    response.writeHead(page ? 200 : 404).end(page?.html ?? '');
  });

  static async start(): Promise<Site> {
    const site = new Site();
    site.server.listen(0, '127.0.0.1');
    await once(site.server, 'listening');
    return site;
  }

  get url(): string {
    // A TCP server that listens has an address of this shape.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Puts a page at a path and answers with its address. */
  add(path: string, page: SitePage): string {
    this.pages.set(path, page);
    return this.url + path;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
