import { describeDatabase } from '@app/database/testing';
import type { WorkspaceContext } from '@app/kernel';
import { toDocumentView } from '../documents.dto';
import { IngestionPipeline } from '../pipeline/ingestion.pipeline';
import { DocumentsApp } from '../testing/documents-app';
import { ReembeddingRunner } from './reembedding.runner';

describeDatabase('Vectors of a model that was replaced', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  beforeAll(async () => {
    app = await DocumentsApp.start(create, { parsesHere: true });
    ctx = await app.addWorkspace();
  });
  afterAll(() => app.close());

  const upload = async (n: number): Promise<string> => {
    const bytes = Buffer.from(`# Machine ${n}\n\nMachine ${n} is oiled every ${n} hours.\n`);
    const { document } = await app.documents.upload(ctx, { fileName: `${n}.md`, mediaType: '', bytes });
    await app.queue.whenIdle();
    expect(toDocumentView(await app.documents.get(ctx, document.id))).toMatchObject({ status: 'indexed' });
    return document.id;
  };
  const vectors = (): Promise<{ model: string; prefix: number }[]> =>
    app.database.inspect(
      'select model, prefix_version as prefix from chunk_vectors where workspace_id = $1 order by document_id',
      [ctx.workspaceId],
    );
  const knowledgeVersion = async (): Promise<number> =>
    Number(
      (
        await app.database.inspect<{ version: string }>(
          'select version from knowledge_versions where workspace_id = $1',
          [ctx.workspaceId],
        )
      )[0]?.version,
    );
  /** As if it had been embedded by an earlier release. */
  const age = async (id: string | undefined, vector: string, version: string): Promise<void> => {
    await app.database.inspect(`update chunk_vectors set ${vector} where document_id = $1`, [id]);
    await app.database.inspect(`update document_versions set ${version} where document_id = $1`, [id]);
  };
  const look = async (): Promise<void> => {
    await app.app.get(ReembeddingRunner).look();
    await app.queue.whenIdle();
  };

  it('are made again in the background, document by document, and every reader is told', async () => {
    const ids = [await upload(1), await upload(2), await upload(3)];
    const model = app.embeddings.model.id;
    const today = { model, prefix: 1 };
    await look();
    expect(await vectors()).toEqual([today, today, today]);
    const before = await knowledgeVersion();
    await age(ids[0], `model = 'older'`, `vector_model = 'older'`);
    await age(ids[2], 'prefix_version = 0', 'prefix_version = 0');
    app.embeddings.texts.length = 0;
    await look();
    expect(await vectors()).toEqual([today, today, today]);
    expect(await knowledgeVersion()).toBe(before + 2);
    expect(app.embeddings.texts.some((text) => text.includes('Machine 2'))).toBe(false);
    for (const id of ids) {
      expect(toDocumentView(await app.documents.get(ctx, id))).toMatchObject({ status: 'indexed', liveVersion: 1 });
    }
  });

  it('of what is not answered from are left alone', async () => {
    const id = await upload(4);
    await app.database.inspect('update documents set live_version = null where id = $1', [id]);
    await age(id, `model = 'older'`, `vector_model = 'older'`);
    await look();
    expect(await vectors()).toContainEqual({ model: 'older', prefix: 1 });
    await expect(
      app.app
        .get(IngestionPipeline)
        .run({ workspaceId: ctx.workspaceId, documentId: id, version: 1 }, new AbortController().signal),
    ).resolves.toBeUndefined();
  });
});
