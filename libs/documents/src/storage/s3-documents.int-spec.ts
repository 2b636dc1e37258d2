import { readdir } from 'node:fs/promises';
import { createTestDatabase } from '@app/database/testing';
import type { Problem, WorkspaceContext } from '@app/kernel';
import type { DocumentView } from '../documents.dto';
import { DocumentsApp } from '../testing/documents-app';
import { FakeS3 } from '../testing/fake-s3';
import { FakeS3Refusal } from '../testing/fake-s3-refusal';
import { S3BlobStore } from './s3-blob-store';
import { BlobStore } from './blob-store';

const GUIDE = '# Refunds\n\nRefunds take five working days.';
const AWAY = new FakeS3Refusal(500, 'InternalError');
/** As often as the client asks before it gives up. */
const ATTEMPTS = 3;

describe('Documents that an S3 store keeps', () => {
  let fake: FakeS3;
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  const upload = (content = GUIDE): Promise<Response> => {
    const body = new FormData();
    body.append('file', new Blob([content]), 'guide.md');
    return app.fetch(ctx, '', { method: 'POST', body });
  };
  const view = async (answer: Response): Promise<DocumentView> => answer.json() as Promise<DocumentView>; // asserted on
  const stored = (): string[] => fake.objects.keys();

  beforeAll(async () => {
    fake = await FakeS3.start();
    app = await DocumentsApp.start((options) => createTestDatabase('embedded', options), { env: fake.env });
  });
  afterAll(async () => {
    await app.close();
    await fake.stop();
  });
  beforeEach(async () => {
    fake.faults.splice(0);
    for (const key of stored()) fake.objects.delete(key);
    ctx = await app.addWorkspace();
  });

  it('A26 are taken, read, given back byte by byte and deleted, and the data folder stays empty', async () => {
    expect(app.app.get(BlobStore)).toBeInstanceOf(S3BlobStore);
    const { id } = await view(await upload());
    await app.queue.whenIdle();
    expect(await view(await app.fetch(ctx, `/${id}`))).toMatchObject({ status: 'indexed', title: 'Refunds' });
    expect(stored()).toEqual([`cc/blobs/${ctx.workspaceId}/${id}`]);
    expect(fake.objects.get(stored()[0] ?? '').bytes.includes('Refunds')).toBe(false);
    expect(await (await app.fetch(ctx, `/${id}/content`)).text()).toBe(GUIDE);
    expect((await app.fetch(ctx, `/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(stored()).toEqual([]);
    expect(await readdir(app.dataDir, { recursive: true })).toEqual([]);
  });

  it('are refused with 503 while it is away, and nothing is stored', async () => {
    fake.fail(AWAY, ATTEMPTS);
    const answer = await upload();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await answer.json()) as Problem).toMatchObject({ code: 'service.unavailable' });
    expect(stored()).toEqual([]);
    expect(await (await app.fetch(ctx, '')).json()).toMatchObject({ items: [] });
    expect((await upload()).status).toBe(202);
    await app.queue.whenIdle();
  });

  it('wait while it is away, and are read afterwards', async () => {
    fake.beforePut = () => fake.fail(AWAY, ATTEMPTS);
    const { id } = await view(await upload());
    await app.queue.whenIdle();
    expect(fake.faults).toEqual([]);
    expect(await view(await app.fetch(ctx, `/${id}`))).toMatchObject({ status: 'indexed', errorCode: null });
  });

  it('are 503 to download while it is away, and there again afterwards', async () => {
    const { id } = await view(await upload());
    await app.queue.whenIdle();
    fake.fail(AWAY, ATTEMPTS);
    expect((await app.fetch(ctx, `/${id}/content`)).status).toBe(503);
    expect(await (await app.fetch(ctx, `/${id}/content`)).text()).toBe(GUIDE);
  });
});
