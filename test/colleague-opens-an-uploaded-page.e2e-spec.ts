import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';
import { Admin } from './support/admin';
import { describeInBrowser } from './support/browser';
import { Canary } from './support/canary';
import { describeStack, type Stack } from './support/stack';

/** A page that tells of itself when a browser takes it for one. */
const page = (canaryUrl: string): string =>
  `<!doctype html><html><body><h1>Sign in again</h1><script>fetch('${canaryUrl}/script')</script>` +
  `<img src="${canaryUrl}/image"></body></html>`;

describeInBrowser('A colleague opens an uploaded page', (browser) => {
  describeStack('in Chromium', (start) => {
    let stack: Stack;
    let admin: Admin;
    let context: BrowserContext;
    let canary: Canary;
    let elsewhere: Server;
    let html: string;

    beforeAll(async () => {
      stack = await start();
      admin = await Admin.register(stack.url);
      canary = await Canary.on(0);
      html = page(canary.url);
      elsewhere = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
      elsewhere.listen(0, '127.0.0.1');
      await once(elsewhere, 'listening');
      context = await browser().newContext({
        acceptDownloads: true,
        extraHTTPHeaders: { authorization: `Bearer ${admin.session.accessToken}` },
      });
    }, 240_000);

    afterAll(async () => {
      await context?.close();
      elsewhere?.close();
      await canary?.stop();
      await stack?.stop();
    });

    it('and elsewhere the page runs: this story would notice', async () => {
      const tab = await context.newPage();
      const { port } = elsewhere.address() as AddressInfo; // it listens on TCP
      await tab.goto(`http://127.0.0.1:${port}/`, { waitUntil: 'networkidle' });
      expect(canary.hits).toEqual(expect.arrayContaining([expect.stringContaining('/script')]));
      canary.hits.length = 0;
    });

    it.each(['page.txt', 'page.md', 'page.html'])(
      'F06 and %s is a file to keep: nothing of it is shown or run',
      async (name) => {
        const document = await admin.uploadAndIndex(name, Buffer.from(`${html}\n<!-- ${name} -->`));
        const url = `${stack.url}/v1/workspaces/${admin.workspaceId}/documents/${document.id}/content`;
        const tab = await context.newPage();
        const downloading = tab.waitForEvent('download');
        // Chromium gives the navigation up, because the answer is no page.
        await tab.goto(url).catch(() => undefined);
        const download = await downloading;
        expect(download.suggestedFilename()).toBe(name);
        expect(readFileSync(await download.path(), 'utf8')).toContain('Sign in again');
        expect(await tab.locator('h1').count()).toBe(0);

        const { headers } = await fetch(url, { headers: { authorization: `Bearer ${admin.session.accessToken}` } });
        expect(headers.get('content-disposition')).toMatch(/^attachment;/);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toMatch(/default-src 'none';.*\bsandbox\b(?!.*allow-)/);
        expect(canary.hits).toEqual([]);
      },
    );
  });
});
