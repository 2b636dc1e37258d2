import { describeDatabase } from '@app/database/testing';
import type { WorkspaceContext } from '@app/kernel';
import { type DocumentView, toDocumentView } from '../documents.dto';
import { IngestionPipeline } from '../pipeline/ingestion.pipeline';
import { DocumentsApp } from '../testing/documents-app';
import { eicar } from '../testing/eicar';
import { DocumentVersions } from '../versions/document-versions.service';
import { Quarantine } from './quarantine.service';
import { Rescan } from './rescan.service';

const GUIDE = '# Refunds\n\nWe pay to the same card within five working days.\n';

describeDatabase('Quarantine', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  let quarantine: Quarantine;

  beforeAll(async () => {
    // An engine is configured, and played: so signatures are for it to find.
    app = await DocumentsApp.start(create, { hasWorker: false, parsesHere: true, env: { CLAMD_HOST: '127.0.0.1' } });
    quarantine = app.app.get(Quarantine);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    ctx = await app.addWorkspace();
    app.scanner.isAvailable = true;
    app.scanner.malware = [];
  });

  const upload = async (text: string | Buffer, fileName = 'guide.md'): Promise<DocumentView> =>
    toDocumentView(await app.documents.upload(ctx, { fileName, mediaType: '', bytes: Buffer.from(text) }));
  const reload = async (id: string): Promise<DocumentView> => toDocumentView(await app.documents.get(ctx, id));
  const signal = new AbortController().signal;
  const ingest = (documentId: string, version = 1): Promise<void> =>
    app.app.get(IngestionPipeline).run({ workspaceId: ctx.workspaceId, documentId, version }, signal);
  const rescan = (documentId: string): Promise<void> =>
    app.app.get(Rescan).run({ workspaceId: ctx.workspaceId, documentId }, signal);
  const download = (id: string) => app.app.get(DocumentVersions).download(ctx, id);
  const held = async (): Promise<string[]> =>
    (await quarantine.list(ctx, { limit: 10 })).items.map(({ document }) => document.id);
  const chunks = async (): Promise<number> =>
    (await app.database.inspect('select 1 from chunks where workspace_id = $1', [ctx.workspaceId])).length;
  const audited = async (): Promise<string[]> =>
    (
      await app.database.inspect<{ action: string }>(
        'select action from audit_events where workspace_id = $1 order by id',
        [ctx.workspaceId],
      )
    ).map(({ action }) => action);

  it('A13 holds what the scanner finds: it is listed with its signature, not searchable, and never given out', async () => {
    app.scanner.malware = ['same card'];
    const { id } = await upload(GUIDE);
    await expect(download(id)).rejects.toMatchObject({ code: 'document.not-ready' });
    await ingest(id);
    expect(await reload(id)).toMatchObject({
      status: 'quarantined',
      errorCode: 'document.infected',
      liveVersion: null,
      findings: [{ kind: 'malware', rule: expect.any(String) }],
    });
    expect([await held(), await chunks()]).toEqual([[id], 0]);
    await expect(download(id)).rejects.toMatchObject({ code: 'document.infected' });
    await expect(app.documents.retry(ctx, id)).rejects.toMatchObject({ code: 'document.not-retryable' });
    await expect(app.documents.cancel(ctx, id)).rejects.toMatchObject({ code: 'document.not-cancellable' });
    expect(await audited()).toEqual(['document.uploaded', 'document.quarantined']);
    const theirs = await app.addWorkspace();
    expect((await quarantine.list(theirs, { limit: 10 })).items).toEqual([]);
    await expect(quarantine.release(theirs, id)).rejects.toMatchObject({ code: 'document.not-found' });
  });

  it('A13 leaves a test virus to the engine when there is one, but lets no program in', async () => {
    app.scanner.malware = [eicar().toString()];
    const { id } = await upload(eicar(), 'a.txt');
    await ingest(id);
    expect(await reload(id)).toMatchObject({ status: 'quarantined', errorCode: 'document.infected' });
    await expect(upload(Buffer.from('MZ\u0000\u0001 not text'), 'b.txt')).rejects.toMatchObject({
      code: expect.stringMatching(/^document\.(infected|type-mismatch)$/),
    });
  });

  it('releases what a person has looked at, once, and on the record', async () => {
    app.scanner.malware = ['same card'];
    const { id } = await upload(GUIDE);
    await ingest(id);
    expect(toDocumentView(await quarantine.release(ctx, id))).toMatchObject({ status: 'uploaded', errorCode: null });
    await expect(quarantine.release(ctx, id)).rejects.toMatchObject({ code: 'document.not-quarantined' });
    await ingest(id);
    expect(await reload(id)).toMatchObject({ status: 'indexed', liveVersion: 1 });
    expect(await held()).toEqual([]);
    await rescan(id); // its release stands
    expect(await reload(id)).toMatchObject({ status: 'indexed', liveVersion: 1 });
    expect((await download(id)).bytes.toString()).toBe(GUIDE);
    expect(await audited()).toEqual([
      'document.uploaded',
      'document.quarantined',
      'document.released',
      'document.indexed',
      'document.downloaded',
    ]);
  });

  it('goes by itself when the engine has changed its mind', async () => {
    app.scanner.malware = ['same card'];
    const { id } = await upload(GUIDE);
    await ingest(id);
    await rescan(id);
    expect(await reload(id)).toMatchObject({ status: 'quarantined' });
    app.scanner.malware = [];
    await quarantine.rescan(ctx, id);
    await rescan(id);
    expect(await reload(id)).toMatchObject({ status: 'uploaded', errorCode: null, findings: [] });
    await ingest(id);
    expect(await reload(id)).toMatchObject({ status: 'indexed', liveVersion: 1 });
    expect(await audited()).toContain('document.released');
  });

  it('A13 gives nothing out that no scan has let through, whatever ended its reading', async () => {
    app.scanner.malware = ['same card'];
    const { id } = await upload(GUIDE);
    await app.documents.cancel(ctx, id);
    await expect(download(id)).rejects.toMatchObject({ code: 'document.not-ready' });
  });

  it('takes an indexed document out of the answers when a later scan finds something', async () => {
    const { id } = await upload(GUIDE);
    await ingest(id);
    const { scannedAt } = await reload(id);
    await rescan(id);
    const again = await reload(id);
    expect(again).toMatchObject({ status: 'indexed', liveVersion: 1 });
    expect(again.scannedAt).not.toBe(scannedAt);
    app.scanner.malware = ['same card'];
    app.scanner.isAvailable = false;
    await expect(rescan(id)).rejects.toMatchObject({ code: 'document.scan-unavailable' });
    expect(await reload(id)).toMatchObject({ status: 'indexed' });
    app.scanner.isAvailable = true;
    await rescan(id);
    expect(await reload(id)).toMatchObject({ status: 'quarantined', liveVersion: null });
    expect(await chunks()).toBe(0);
  });
});
