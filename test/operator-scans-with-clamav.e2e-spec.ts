import { eicar, LocalClamd, paragraph, whyNoClamd, writeDocx, writeZip } from '@app/documents/testing';
import { Admin, type DocumentView } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';

const guide = (shelf: string): Buffer =>
  Buffer.from(`# Parcels of ${shelf}\n\nParcels of ${shelf} wait on the lowest shelf for ten days.\n`);

describeStack('An operator scans with ClamAV', (start) => {
  if (whyNoClamd) {
    it.skip(`— ${whyNoClamd}`, () => undefined);
    return;
  }
  let clamd: LocalClamd;
  let stack: Stack;
  let admin: Admin;

  beforeAll(async () => {
    clamd = await LocalClamd.create();
    await clamd.start();
    const { host, port } = clamd.address;
    stack = await start({ CLAMD_HOST: host, CLAMD_PORT: String(port) });
    admin = await Admin.register(stack.url);
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    await clamd?.dispose();
  });

  const upload = async (fileName: string, bytes: Buffer): Promise<DocumentView> => {
    const answer = await admin.upload(fileName, bytes);
    expect(answer).toMatchObject({ status: 202 });
    return answer.body;
  };
  const quarantined = async (): Promise<string[]> =>
    (await admin.inWorkspace<{ items: DocumentView[] }>('GET', '/quarantine')).body.items.map(({ id }) => id);
  const found = async (query: string): Promise<string[]> => {
    const { body } = await admin.inWorkspace<{ passages: { documentId: string }[] }>('POST', '/search', { query });
    return body.passages.map(({ documentId }) => documentId);
  };
  const actions = async (): Promise<string[]> => {
    const { body } = await admin.inWorkspace<{ items: { action: string }[] }>('GET', '/audit-events?limit=100');
    return body.items.map(({ action }) => action);
  };

  it.each([
    ['plain', 'notes.txt', () => Buffer.from(eicar())],
    [
      'in an archive',
      'report.docx',
      () =>
        writeDocx(paragraph('Parcels of the attic wait there.'), [{ name: 'word/media/image1.bin', content: eicar() }]),
    ],
  ])(
    'A13 F03 and the test virus, %s, is held in quarantine, on the record, and never given out',
    async (_, name, bytes) => {
      const { id } = await upload(name, bytes());
      const document = await admin.processed(id);
      expect(document).toMatchObject({ status: 'quarantined', errorCode: 'document.infected', liveVersion: null });
      expect(document.findings).toEqual([{ kind: 'malware', rule: expect.stringMatching(/eicar/i) }]);
      expect(await quarantined()).toContain(id);
      const download = await admin.inWorkspace('GET', `/documents/${id}/content`);
      expect([download.status, download.body]).toMatchObject([422, { code: 'document.infected' }]);
      expect(await found('parcels of the attic')).toEqual([]);
      expect(await actions()).toContain('document.quarantined');
    },
  );

  it('A13 F03 and the test virus in a ZIP of documents is held as well, and what lies beside it is read', async () => {
    const zip = writeZip([
      { name: 'faq/virus.txt', content: Buffer.concat([guide('the ZIP'), eicar()]) },
      { name: 'faq/good.md', content: guide('winter') },
    ]);
    const { body } = await admin.uploadArchive(zip);
    const files = async () =>
      (
        await admin.inWorkspace<{ items: { path: string; documentId: string | null }[] }>(
          'GET',
          `/bulk-uploads/${body.id}/files`,
        )
      ).body.items;
    await until(async () => (await files()).every(({ documentId }) => documentId), 60, 'the archive to be unpacked');
    const statuses = new Map<string, string>();
    for (const { path, documentId } of await files()) {
      statuses.set(path, (await admin.processed(documentId ?? '')).status);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 'faq/virus.txt': 'quarantined', 'faq/good.md': 'indexed' });
  });

  it('A13 F03 and while the engine is away uploads wait in scanning, say so, and are found by nobody; then they finish', async () => {
    const indexed = await admin.processed((await upload('before.md', guide('spring'))).id);
    expect(indexed).toMatchObject({ status: 'indexed' });
    await clamd.stop();
    const waiting = [await upload('a.md', guide('summer')), await upload('b.md', guide('autumn'))];
    const says = async ({ id }: DocumentView): Promise<boolean> =>
      (await admin.document(id)).errorCode === 'document.scan-unavailable';
    for (const document of waiting) {
      await until(() => says(document), 30, 'the document to say what it waits for');
      expect(await admin.document(document.id)).toMatchObject({ status: 'scanning', liveVersion: null });
    }
    const before = await found('parcels of summer wait');
    expect(before).toContain(indexed.id);
    for (const { id } of waiting) expect(before).not.toContain(id);
    expect((await admin.inWorkspace('GET', `/documents/${waiting[0]?.id}/content`)).status).toBe(409);
    await clamd.start();
    for (const { id } of waiting)
      expect(await admin.processed(id)).toMatchObject({ status: 'indexed', errorCode: null });
    expect(await found('parcels of summer wait')).toContain(waiting[0]?.id);
  }, 120_000);

  it('and what a person releases from quarantine is answered from, and what is deleted is gone', async () => {
    const { id } = await upload('lesson.md', Buffer.concat([guide('the lesson'), eicar()]));
    expect(await admin.processed(id)).toMatchObject({ status: 'quarantined' });
    const rescan = await admin.inWorkspace('POST', `/quarantine/${id}/rescan`);
    expect(rescan.status).toBe(202);
    const released = await admin.inWorkspace('POST', `/quarantine/${id}/release`);
    expect(released.status).toBe(202);
    expect(await admin.processed(id)).toMatchObject({ status: 'indexed', liveVersion: 1 });
    expect(await found('parcels of the lesson')).toContain(id);
    for (const held of await quarantined()) {
      expect((await admin.inWorkspace('DELETE', `/documents/${held}`)).status).toBe(204);
    }
    expect(await quarantined()).toEqual([]);
    expect(await actions()).toEqual(expect.arrayContaining(['document.released', 'document.rescan-requested']));
  });
});
