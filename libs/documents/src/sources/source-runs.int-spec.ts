import { describeDatabase } from '@app/database/testing';
import { LocalSite } from '@app/web-fetch/testing';
import { IngestionPipeline } from '../pipeline/ingestion.pipeline';
import { DocumentsApp } from '../testing/documents-app';
import { readingFrom, SourceSite } from '../testing/source-site';
import { SourceSync } from './source-sync';
import type { SourceView } from './sources.dto';
import { SourceWatch } from './source-watch';

/** Nobody works on the queue here but the test. */
describeDatabase('A sync of a source', (create) => {
  const site = new LocalSite();
  let app: DocumentsApp;
  let web: SourceSite;

  beforeAll(async () => {
    await site.start();
    const env = { ...readingFrom(site), QUOTA_DOCUMENTS: '4' };
    app = await DocumentsApp.start(create, { env, hasWorker: false, parsesHere: true });
  });
  afterAll(async () => {
    await app?.close();
    await site.stop();
  });
  beforeEach(async () => {
    site.forget();
    web = new SourceSite(app, await app.addWorkspace(), site);
    web.page('/', 'Tea is served at four.', '/a', '/b', '/c');
    web.page('/a', 'Cake costs three.');
    web.page('/b', 'We close on Mondays.');
    web.page('/c', 'Parking is free.');
  });

  const add = async (input: object = {}): Promise<SourceView> =>
    (await web.call<SourceView>('POST', '', { kind: 'crawl', url: web.at('/'), ...input })).body;
  const run = (source: SourceView, signal = new AbortController().signal): Promise<void> =>
    app.app
      .get(SourceSync)
      .run({ workspaceId: web.ctx.workspaceId, sourceId: source.id, runId: source.lastRun?.id ?? '' }, signal);
  const reload = async ({ id }: SourceView): Promise<SourceView> => (await web.call<SourceView>('GET', `/${id}`)).body;
  const count = async (table: string): Promise<number> => {
    const rows = await app.database.inspect(`select 1 from ${table} where workspace_id = $1`, [web.ctx.workspaceId]);
    return rows.length;
  };
  const asked = (): string[] => site.paths.filter((path) => path !== '/robots.txt');

  it('goes on where it was when its worker stopped, and writes nothing twice', async () => {
    const source = await add();
    const stop = new AbortController();
    site.route('/b', (_request, response) => {
      stop.abort(new Error('stopping'));
      response.writeHead(503).end();
    });
    await expect(run(source, stop.signal)).rejects.toThrow('stopping');
    expect((await reload(source)).lastRun).toMatchObject({ status: 'running', counts: { added: 2 } });
    site.requests.length = 0;
    web.page('/b', 'We close on Mondays.');
    await run(source);
    expect(asked()).toEqual(['/b', '/c']);
    expect((await reload(source)).lastRun).toMatchObject({
      status: 'done',
      counts: { added: 4, unchanged: 0, failed: 0 },
    });
    expect(await web.report(source.id)).toEqual(['added /', 'added /a', 'added /b', 'added /c']);
    expect([await count('documents'), await count('source_changes')]).toEqual([4, 4]);
    site.requests.length = 0;
    await run(source);
    expect(asked()).toEqual([]);
  });

  it('takes up a document that was stored when its worker was killed, before anything else was', async () => {
    const source = await add();
    await run(source);
    // As if the process had ended between the document and the note of it.
    await app.database.inspect('delete from source_changes where workspace_id = $1', [web.ctx.workspaceId]);
    await app.database.inspect('delete from source_pages where workspace_id = $1', [web.ctx.workspaceId]);
    await app.database.inspect(
      `update source_runs set status = 'running', ended_at = null, end_reason = null, added = 0 where workspace_id = $1`,
      [web.ctx.workspaceId],
    );
    web.page('/a', 'Cake costs four.');
    await run(source);
    expect(await web.report(source.id)).toEqual(['added /', 'added /a', 'added /b', 'added /c']);
    expect([await count('documents'), await count('document_versions')]).toEqual([4, 5]);
  });

  it('does not let a version that is read late overtake what the page says now', async () => {
    const source = await add({ kind: 'url', url: web.at('/a') });
    await run(source);
    const ingest = async (version: number): Promise<void> => {
      const [document] = await app.database.inspect<{ id: string }>(
        'select id from documents where workspace_id = $1',
        [web.ctx.workspaceId],
      );
      const job = { workspaceId: web.ctx.workspaceId, documentId: document?.id ?? '', version };
      await app.app.get(IngestionPipeline).run(job, new AbortController().signal);
    };
    const again = async (): Promise<void> => run((await web.call<SourceView>('POST', `/${source.id}/sync`)).body);
    await ingest(1);
    web.page('/a', 'Cake costs four.');
    await again();
    web.page('/a', 'Cake costs three.');
    await again();
    await ingest(2);
    expect(await web.knows()).toEqual(['Cake costs three.']);
    web.page('/a', 'Cake costs five.');
    await again();
    web.gone('/a');
    await again();
    await again();
    await ingest(3);
    expect(await web.knows()).toEqual([]);
  });

  it('counts a page that is missing once, however often the run is done', async () => {
    const source = await add();
    await run(source);
    web.gone('/a');
    const again = (await web.call<SourceView>('POST', `/${source.id}/sync`)).body;
    await run(again);
    await app.database.inspect(`update source_runs set status = 'running', ended_at = null where id = $1`, [
      again.lastRun?.id,
    ]);
    await run(again);
    expect(await web.report(source.id)).toEqual(['dead /a from /']);
  });

  it('is the only one of its source, and ends when somebody says so', async () => {
    const source = await add();
    expect((await web.call('POST', `/${source.id}/sync`)).status).toBe(409);
    site.route('/a', (_request, response) => {
      void web
        .call('POST', `/${source.id}/cancel`)
        .then(() => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Late.'));
    });
    await run(source);
    expect((await reload(source)).lastRun).toMatchObject({ status: 'cancelled', counts: { added: 1 } });
    expect(asked()).toEqual(['/', '/a']);
    expect((await web.call('POST', `/${source.id}/cancel`)).status).toBe(409);
    expect((await web.call('POST', `/${source.id}/sync`)).status).toBe(202);
  });

  it('ends when its source is deleted meanwhile', async () => {
    const source = await add();
    site.route('/a', (_request, response) => {
      void web
        .call('DELETE', `/${source.id}`)
        .then(() => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Late.'));
    });
    await run(source).catch(() => undefined); // the queue tries once more and finds nothing to do
    await run(source);
    expect([await count('sources'), await count('documents'), await count('source_pages')]).toEqual([0, 0, 0]);
  });

  it('begins once when it is due, however many workers look', async () => {
    const source = await add({ syncIntervalSeconds: 3600 });
    await run(source);
    const watch = app.app.get(SourceWatch);
    await watch.look();
    const runs = async (): Promise<number> => count('source_runs');
    expect(await runs()).toBe(1);
    await app.database.inspect(`update sources set next_sync_at = now() - interval '1 second' where id = $1`, [
      source.id,
    ]);
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    expect(await runs()).toBe(2);
    expect(Date.parse((await reload(source)).nextSyncAt ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
    await app.database.inspect(`update sources set next_sync_at = now() - interval '1 second' where id = $1`, [
      source.id,
    ]);
    await watch.look();
    expect(await runs()).toBe(2);
    expect(Date.parse((await reload(source)).nextSyncAt ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('waits while its workspace is suspended', async () => {
    const source = await add({ syncIntervalSeconds: 3600 });
    await run(source);
    await app.database.inspect('update workspaces set suspended_at = now() where id = $1', [web.ctx.workspaceId]);
    await app.database.inspect(`update sources set next_sync_at = now() - interval '1 second' where id = $1`, [
      source.id,
    ]);
    await app.app.get(SourceWatch).look();
    expect(await count('source_runs')).toBe(1);
  });

  it('says which pages the workspace has no room for, and takes them when there is', async () => {
    await app.documents.upload(web.ctx, { fileName: 'x.md', mediaType: '', bytes: Buffer.from('# Mine\n\nMine.') });
    const source = await add();
    await run(source);
    expect(await web.report(source.id)).toEqual(['added /', 'added /a', 'added /b', 'failed /c document.too-many']);
    await app.database.inspect('delete from documents where workspace_id = $1 and source_id is null', [
      web.ctx.workspaceId,
    ]);
    await run((await web.call<SourceView>('POST', `/${source.id}/sync`)).body);
    expect(await web.report(source.id)).toEqual(['added /c']);
  });

  it('is given up after it took its worker with it again and again', async () => {
    const source = await add();
    await app.database.inspect('update source_runs set attempts = 10 where workspace_id = $1', [web.ctx.workspaceId]);
    await run(source);
    expect((await reload(source)).lastRun).toMatchObject({ status: 'failed', errorCode: 'source.sync-failed' });
  });
});
