import type { WorkspaceContext } from '@app/kernel';
import { LocalSite } from '@app/web-fetch/testing';
import type { SourceChangeView } from '../sources/source-reports.dto';
import type { SourceView } from '../sources/sources.dto';
import { DocumentsApp } from './documents-app';

/** Settings with which the documents may read a site of this machine, without pauses. */
export const readingFrom = (site: LocalSite): Record<string, string> => ({
  WEB_FETCH_TEST_ENDPOINTS: JSON.stringify([site.endpoint]),
  WEB_FETCH_TEST_PAUSE_MS: '0',
  LIMIT_REQUESTS_PER_MINUTE: '100000',
});

/** The sources of one workspace, over HTTP, with a local site to read. */
export class SourceSite {
  constructor(
    readonly app: DocumentsApp,
    readonly ctx: WorkspaceContext,
    readonly site: LocalSite,
  ) {}

  at(path: string): string {
    return `http://${this.site.endpoint}${path}`;
  }

  /** A page that says something, with links. */
  page(path: string, text: string, ...links: string[]): void {
    const body = `<h1>About ${path}</h1><p>${text}</p>${links.map((link) => `<a href="${link}">see</a>`).join(' ')}`;
    this.site.html(path, `<title>${path}</title><body>${body}`);
  }

  gone(...paths: string[]): void {
    for (const path of paths) this.site.routes.delete(path);
  }

  async call<T>(method: string, path = '', body?: object): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${this.app.url}/v1/workspaces/${this.ctx.workspaceId}/sources${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T }; // asserted on by the tests
  }

  /** Adds a source and waits until it and its documents were read. */
  async add(input: object): Promise<SourceView> {
    const { status, body } = await this.call<SourceView>('POST', '', input);
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return this.settled(body.id);
  }

  async sync(id: string): Promise<SourceView> {
    const { status, body } = await this.call('POST', `/${id}/sync`);
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return this.settled(id);
  }

  async settled(id: string): Promise<SourceView> {
    await this.app.queue.whenIdle();
    return (await this.call<SourceView>('GET', `/${id}`)).body;
  }

  /** `added /a`, `dead /b from /a`, `failed /c source.timeout`. */
  async report(id: string): Promise<string[]> {
    const { body } = await this.call<{ items: SourceChangeView[] }>('GET', `/${id}/changes`);
    const path = (url: string): string => url.replace(this.at(''), '');
    return body.items.map(({ kind, url, fromUrl, errorCode }) =>
      [kind, path(url), ...(kind === 'failed' ? [errorCode] : []), ...(fromUrl ? ['from', path(fromUrl)] : [])].join(
        ' ',
      ),
    );
  }

  /** What answers can say, and from where: the first sentences of the live passages. */
  async knows(): Promise<string[]> {
    const rows = await this.app.database.inspect<{ text: string }>(
      `select c.text from chunks c join documents d on d.workspace_id = c.workspace_id and d.id = c.document_id
         and d.live_version = c.version where c.workspace_id = $1 order by c.text`,
      [this.ctx.workspaceId],
    );
    return rows.map(({ text }) => text.replace(/\s*see[\s\S]*$/, ''));
  }
}
