import { describeDatabase } from '@app/database/testing';
import type { WorkspaceContext } from '@app/kernel';
import { DocumentsApp } from '../testing/documents-app';
import { DocumentQuota } from './document-quota';

const [DOCUMENTS, BYTES] = [5, 1_000];

describeDatabase('The quota of documents', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  beforeAll(async () => {
    const env = { QUOTA_DOCUMENTS: String(DOCUMENTS), QUOTA_DOCUMENT_BYTES: String(BYTES) };
    app = await DocumentsApp.start(create, { hasWorker: false, parsesHere: true, env });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    ctx = await app.addWorkspace();
  });

  const upload = (n: number, bytes: number, documentId?: string) =>
    app.documents.upload(
      ctx,
      { fileName: `${n}.txt`, mediaType: '', bytes: Buffer.from(`Note ${n}. `.padEnd(bytes, 'word ')) },
      { documentId },
    );
  const outcomes = async (tries: Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(tries)).map(
      (result) => (result.status === 'fulfilled' ? 'ok' : String((result.reason as { code: string }).code)), // an AppError
    );

  it('B02 is not exceeded by uploads at the same moment', async () => {
    const results = await outcomes(Array.from({ length: 12 }, (_, n) => upload(n, 20)));
    expect(results.filter((result) => result === 'ok')).toHaveLength(DOCUMENTS);
    expect(new Set(results)).toEqual(new Set(['ok', 'document.too-many']));
    expect(await app.app.get(DocumentQuota).used(ctx)).toEqual({ documents: DOCUMENTS, bytes: DOCUMENTS * 20 });
  });

  it('B02 counts the bytes of every version, and gives room back when a document goes', async () => {
    const { document } = await upload(1, 600);
    expect(await outcomes([upload(2, 500)])).toEqual(['document.storage-full']);
    expect(await outcomes([upload(3, 300, document.id), upload(4, 300, document.id)])).toEqual(
      expect.arrayContaining(['ok', 'document.storage-full']),
    );
    await app.documents.remove(ctx, document.id);
    expect(await outcomes([upload(5, 1_000)])).toEqual(['ok']);
  });

  it('B02 is a workspace’s own', async () => {
    await upload(1, 1_000);
    ctx = await app.addWorkspace();
    expect(await outcomes([upload(1, 1_000)])).toEqual(['ok']);
  });
});
