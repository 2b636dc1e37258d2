import { describeDatabase } from '@app/database/testing';
import type { WorkspaceContext } from '@app/kernel';
import { type DocumentView, toDocumentView } from '../documents.dto';
import { BlobSweeper } from '../pipeline/blob-sweeper';
import { IngestionPipeline } from '../pipeline/ingestion.pipeline';
import { BlobStore } from '../storage/blob-store';
import { DocumentsApp } from '../testing/documents-app';
import { DocumentVersions } from './document-versions.service';
import { KEPT_VERSIONS } from './make-live';

const guide = (days: number): string =>
  `# Refunds\n\nRefunds take ${days} working days.\n\nAsk us by mail.\n\n## Cards\n\nWe pay to the same card.\n`;

describeDatabase('The versions of a document', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  let versions: DocumentVersions;

  beforeAll(async () => {
    app = await DocumentsApp.start(create, { hasWorker: false, parsesHere: true });
    versions = app.app.get(DocumentVersions);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    ctx = await app.addWorkspace();
  });

  const upload = async (text: string, options?: { documentId?: string; publishes?: boolean }): Promise<DocumentView> =>
    toDocumentView(
      await app.documents.upload(ctx, { fileName: 'refunds.md', mediaType: '', bytes: Buffer.from(text) }, options),
    );
  const ingest = (documentId: string, version: number): Promise<void> =>
    app.app
      .get(IngestionPipeline)
      .run({ workspaceId: ctx.workspaceId, documentId, version }, new AbortController().signal);
  const reload = async (id: string): Promise<DocumentView> => toDocumentView(await app.documents.get(ctx, id));
  /** What is answered from, as the search reads it. */
  const liveText = async (): Promise<string> => {
    const rows = await app.database.inspect<{ text: string }>(
      `select c.text from chunks c join documents d on d.id = c.document_id and d.live_version = c.version
       where c.workspace_id = $1 order by c.ordinal`,
      [ctx.workspaceId],
    );
    return rows.map(({ text }) => text).join('\n');
  };
  const knowledgeVersion = async (): Promise<number> =>
    Number(
      (
        await app.database.inspect<{ version: string }>(
          'select version from knowledge_versions where workspace_id = $1',
          [ctx.workspaceId],
        )
      )[0]?.version ?? 0,
    );
  const twoVersions = async (): Promise<string> => {
    const { id } = await upload(guide(5));
    await ingest(id, 1);
    await upload(guide(9), { documentId: id });
    await ingest(id, 2);
    return id;
  };

  it('the old one answers until the new one is indexed, and then the new one at once', async () => {
    const { id } = await upload(guide(5));
    await ingest(id, 1);
    expect(await upload(guide(9), { documentId: id })).toMatchObject({
      id,
      version: 2,
      liveVersion: 1,
      status: 'uploaded',
    });
    expect(await liveText()).toContain('5 working days');
    const before = await knowledgeVersion();
    await ingest(id, 2);
    expect(await reload(id)).toMatchObject({ version: 2, liveVersion: 2, status: 'indexed' });
    expect([await liveText(), await knowledgeVersion()]).toEqual([expect.stringContaining('9 working'), before + 1]);
    expect(await liveText()).not.toContain('5 working days');
  });

  it('the old one goes on answering when the new one fails, is cancelled, or is not to be published', async () => {
    const { id } = await upload(guide(5));
    await ingest(id, 1);
    await upload('\n \n', { documentId: id });
    await ingest(id, 2);
    expect(await reload(id)).toMatchObject({ version: 2, status: 'failed', liveVersion: 1, title: 'Refunds' });
    await upload(guide(6), { documentId: id });
    await app.documents.cancel(ctx, id);
    await ingest(id, 3);
    await upload(guide(7), { documentId: id, publishes: false });
    await ingest(id, 4);
    expect(await reload(id)).toMatchObject({ version: 4, status: 'indexed', liveVersion: 1 });
    expect(await liveText()).toContain('5 working days');
    await versions.publish(ctx, id, 4);
    expect(await liveText()).toContain('7 working days');
    const { versions: all } = await versions.list(ctx, id);
    expect(all.map(({ version, status }) => [version, status])).toEqual([
      [4, 'indexed'],
      [3, 'failed'],
      [2, 'failed'],
      [1, 'indexed'],
    ]);
  });

  it('a roll-back is one step for every reader, and can be undone', async () => {
    const id = await twoVersions();
    const before = await knowledgeVersion();
    expect(toDocumentView(await versions.rollBack(ctx, id))).toMatchObject({ liveVersion: 1, version: 2 });
    expect([await liveText(), await knowledgeVersion()]).toEqual([expect.stringContaining('5 working'), before + 1]);
    await expect(versions.rollBack(ctx, id)).rejects.toMatchObject({ code: 'document.nothing-to-roll-back' });
    await versions.publish(ctx, id, 2);
    await versions.publish(ctx, id, 2);
    expect([await liveText(), await knowledgeVersion()]).toEqual([expect.stringContaining('9 working'), before + 2]);
    await expect(versions.publish(ctx, id, 3)).rejects.toMatchObject({ code: 'document.version-not-found' });
  });

  it('one that is overtaken does not go live when it is done at last', async () => {
    const { id } = await upload(guide(5));
    await upload(guide(6), { documentId: id });
    await ingest(id, 2);
    await ingest(id, 1);
    expect(await reload(id)).toMatchObject({ liveVersion: 2 });
    expect(toDocumentView(await versions.rollBack(ctx, id))).toMatchObject({ liveVersion: 1 });
  });

  it('are compared by paragraphs', async () => {
    const id = await twoVersions();
    expect(await versions.compare(ctx, id, { from: 1, to: 2 })).toEqual({
      added: 1,
      removed: 1,
      unchanged: 2,
      changes: [
        { kind: 'removed', headingPath: ['Refunds'], text: 'Refunds take 5 working days.' },
        { kind: 'added', headingPath: ['Refunds'], text: 'Refunds take 9 working days.' },
      ],
    });
    await expect(versions.compare(ctx, id, { from: 1, to: 3 })).rejects.toMatchObject({
      code: 'document.version-not-found',
    });
  });

  it('each has bytes of its own, and the same bytes are never there twice', async () => {
    const id = await twoVersions();
    const bytes = async (version?: number) => (await versions.download(ctx, id, version)).bytes.toString();
    expect([await bytes(1), await bytes(2), await bytes()]).toEqual([guide(5), guide(9), guide(9)]);
    await expect(upload(guide(5), { documentId: id })).rejects.toMatchObject({
      code: 'document.duplicate',
      options: { existingId: id },
    });
    await expect(upload(guide(1), { documentId: '018f0000-0000-7000-8000-000000000000' })).rejects.toMatchObject({
      code: 'document.not-found',
    });
    const blobs = app.app.get(BlobStore);
    const stored = async () => {
      let count = 0;
      for await (const { workspaceId } of blobs.list(new Date(Date.now() + 60_000))) {
        if (workspaceId === ctx.workspaceId) count++;
      }
      return count;
    };
    expect(await stored()).toBe(2);
    await app.documents.remove(ctx, id);
    expect(await stored()).toBe(0);
  });

  it('of many the oldest are forgotten, with their passages and, once swept, their bytes', async () => {
    const { id } = await upload(guide(1));
    await ingest(id, 1);
    const newest = KEPT_VERSIONS + 1;
    await app.database.inspect(
      `insert into document_versions (workspace_id, document_id, version, blob_id, title, file_name, media_type, byte_size,
         sha256, status)
       select workspace_id, document_id, n, gen_random_uuid(), title, file_name, media_type, byte_size,
         sha256(n::text::bytea), 'indexed'
       from document_versions, generate_series(2, $2::int) n where document_id = $1`,
      [id, newest],
    );
    await app.database.inspect('update documents set newest_version = $2 where id = $1', [id, newest]);
    await upload(guide(2), { documentId: id });
    await ingest(id, newest + 1);
    const kept = (await versions.list(ctx, id)).versions.map(({ version }) => version);
    expect([kept.length, kept.at(0), kept.at(-1)]).toEqual([KEPT_VERSIONS, newest + 1, 3]);
    const chunks = await app.database.inspect('select distinct version from chunks where document_id = $1', [id]);
    expect(chunks).toEqual([{ version: newest + 1 }]);
    const blobs = app.app.get(BlobStore);
    const first = { workspaceId: ctx.workspaceId, blobId: id };
    await expect(blobs.get(first)).resolves.toBeDefined();
    await new BlobSweeper(blobs, app.database.db, { now: () => new Date(Date.now() + 2 * 3600 * 1000) }).sweep();
    await expect(blobs.get(first)).rejects.toMatchObject({ code: 'document.not-found' });
  });

  it('are another company’s for nobody', async () => {
    const id = await twoVersions();
    const theirs = await app.addWorkspace();
    const notFound = { code: 'document.not-found' };
    await expect(versions.list(theirs, id)).rejects.toMatchObject(notFound);
    await expect(versions.publish(theirs, id, 1)).rejects.toMatchObject(notFound);
    await expect(versions.rollBack(theirs, id)).rejects.toMatchObject(notFound);
    await expect(versions.compare(theirs, id, { from: 1, to: 2 })).rejects.toMatchObject(notFound);
    await expect(versions.download(theirs, id, 1)).rejects.toMatchObject(notFound);
  });
});
