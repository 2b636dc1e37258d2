import { describeDatabase } from '@app/database/testing';
import { BlobStore } from '../storage/blob-store';
import type { SnippetsPage } from '../snippets/snippets.dto';
import { Snippets } from '../snippets/snippets.service';
import { BulkActor } from '../testing/bulk-actor';
import type { DocumentsPage } from '../documents.dto';
import { DocumentsApp } from '../testing/documents-app';
import { eicar } from '../testing/eicar';
import { writeZip, type ZipFileEntry } from '../testing/write-zip';
import { DocumentIntake } from '../upload/document-intake.service';
import { BulkUnpacker, MAX_ATTEMPTS } from './bulk-unpacker';
import type { BulkUploadView } from './bulk-uploads.dto';

const note = (name: string, about: string): ZipFileEntry => ({
  name,
  content: `# ${about}\n\nThe ${about} is made of oak and costs nine euros.\n`,
});
const THREE = [note('a.md', 'chair'), note('b.md', 'table'), note('c.md', 'bench')];

describeDatabase('Bulk uploads', (create) => {
  let harness: DocumentsApp;
  let actor: BulkActor;
  beforeAll(async () => {
    harness = await DocumentsApp.start(create, { parsesHere: true });
  });
  beforeEach(async () => {
    actor = await BulkActor.arrive(harness);
  });
  afterAll(() => harness.close());

  const blobsOf = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { workspaceId, blobId } of harness.app.get(BlobStore).list(new Date(Date.now() + 1000))) {
      if (workspaceId === actor.ctx.workspaceId) found.push(blobId);
    }
    return found;
  };

  it('takes every file of an archive, says of each what became of it, and keeps the archive no longer', async () => {
    const program = Buffer.concat([Buffer.from('MZ\x90\x00', 'latin1'), Buffer.alloc(200)]);
    const view = await actor.upload(
      writeZip([
        note('help/chairs.md', 'chair'),
        note('help/copy-of-chairs.md', 'chair'),
        { name: 'help/', content: '' },
        { name: '__MACOSX/help/._chairs.md', content: 'x' },
        { name: 'help/.DS_Store', content: 'x' },
        { name: 'help/Thumbs.db', content: 'x' },
        { name: 'setup.exe', content: program },
        { name: 'virus.txt', content: eicar() },
        { name: 'inner.zip', content: writeZip(THREE) },
        { name: 'empty.txt', content: '' },
        note('Größe.md', 'table'),
      ]),
    );
    expect(view).toMatchObject({ status: 'unpacked', isDone: true, errorCode: null });
    expect(view.files).toEqual({
      ...{ total: 7, waiting: 0, accepted: 2, duplicate: 1, refused: 4, cancelled: 0 },
      skipped: 4,
    });
    expect(view.documents).toEqual({ indexed: 2, failed: 0, quarantined: 0, inProgress: 0, deleted: 0 });
    const files = await actor.files(view.id);
    expect(files.map(({ path, outcome, errorCode }) => [path, outcome, errorCode])).toEqual([
      ['help/chairs.md', 'accepted', null],
      ['help/copy-of-chairs.md', 'duplicate', 'document.duplicate'],
      ['setup.exe', 'refused', 'document.type-unsupported'],
      ['virus.txt', 'refused', 'document.infected'],
      ['inner.zip', 'refused', 'document.type-unsupported'],
      ['empty.txt', 'refused', 'document.empty'],
      ['Größe.md', 'accepted', null],
    ]);
    expect(files[1]?.documentId).toBe(files[0]?.documentId);
    expect(files[0]).toMatchObject({ documentStatus: 'indexed', errorTitle: null });
    expect(await blobsOf()).toHaveLength(2);
  });

  it('tells two files of one name apart by their folders', async () => {
    await actor.upload(
      writeZip([
        { name: 'billing/2026/README.md', content: '# Overview\n\nInvoices are sent on the first of the month.\n' },
        { name: 'returns/README.md', content: '# Overview\n\nParcels go back in thirty days.\n' },
        { name: 'README.md', content: '# Overview\n\nThe shop is open from nine to five.\n' },
      ]),
    );
    const { items } = (await (await actor.fetch('/documents')).json()) as DocumentsPage;
    expect(items.map(({ folder, fileName, title }) => [folder, fileName, title])).toEqual([
      [null, 'README.md', 'Overview'],
      ['returns', 'README.md', 'Overview'],
      ['billing/2026', 'README.md', 'Overview'],
    ]);
  });

  it('shows the files by outcome and page by page, and the archives newest first', async () => {
    const first = await actor.upload(writeZip(THREE));
    const second = await actor.upload(writeZip([...THREE, note('d.md', 'shelf')]));
    expect(await actor.files(second.id, '?outcome=accepted')).toMatchObject([{ path: 'd.md' }]);
    const page = await actor.fetch(`/bulk-uploads/${second.id}/files?limit=3`);
    const { items, nextCursor } = (await page.json()) as { items: unknown[]; nextCursor: string };
    expect(items).toMatchObject([{ path: 'a.md' }, { path: 'b.md' }, { path: 'c.md' }]);
    expect(await actor.files(second.id, `?limit=3&cursor=${nextCursor}`)).toMatchObject([{ path: 'd.md' }]);
    const list = (await (await actor.fetch('/bulk-uploads')).json()) as { items: BulkUploadView[] };
    expect(list.items.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(list.items.map(({ files }) => files.accepted)).toEqual([1, 3]);
  });

  it('tells the way of an archive as events, and of another workspace nothing', async () => {
    const { id } = await actor.upload(writeZip(THREE));
    const events = await (await actor.fetch(`/bulk-uploads/${id}/events`)).text();
    expect(events).toMatch(/event: progress[^]*"isDone":true[^]*event: end/);
    const stranger = await BulkActor.arrive(harness);
    for (const path of ['', '/files', '/events']) {
      expect((await stranger.fetch(`/bulk-uploads/${id}${path}`)).status).toBe(404);
    }
    expect((await stranger.fetch(`/bulk-uploads/${id}/cancel`, { method: 'POST' })).status).toBe(404);
  });

  it('refuses one file that is too large, not those beside it', async () => {
    const large = { name: 'large.txt', content: Buffer.alloc(10 * 1024 * 1024 + 1, 'oak chair ') };
    const { id } = await actor.upload(writeZip([large, ...THREE]));
    expect(await actor.files(id, '?outcome=refused')).toMatchObject([
      { path: 'large.txt', errorCode: 'document.too-large' },
    ]);
    expect(await actor.files(id, '?outcome=accepted')).toHaveLength(3);
  });

  it('refuses an entry that only spoils itself by its own line, and takes those beside it', async () => {
    const { id, files: counts } = await actor.upload(
      writeZip([
        ...THREE,
        { ...note('secret.md', 'stool'), flags: 1 },
        note('A.MD', 'sofa'),
        note('b.md', 'shelf'),
        note('old\\windows.md', 'lamp'),
        { ...note('new.md', 'desk'), method: 9 },
        note(`\u202edm.${'x'.repeat(2_100)}.md`, 'bed'),
        note('', 'rug'),
        { name: 'help/', content: '', flags: 1 },
        { name: '.DS_Store', content: 'x', flags: 1 },
      ]),
    );
    expect(counts).toMatchObject({ total: 10, accepted: 3, refused: 7, skipped: 2 });
    const refused = await actor.files(id, '?outcome=refused');
    expect(refused.map(({ path, errorCode }) => [path.slice(-15), errorCode])).toEqual([
      ['secret.md', 'document.encrypted'],
      ['A.MD', 'bulk-upload.name-taken'],
      ['b.md', 'bulk-upload.name-taken'],
      ['old\\windows.md', 'bulk-upload.name-unusable'],
      ['new.md', 'bulk-upload.compression-unsupported'],
      ['xxxxxxxxxxxx.md', 'bulk-upload.name-unusable'],
      ['entry 10', 'bulk-upload.name-unusable'],
    ]);
    expect(refused[5]?.path).toMatch(/^…x{496}\.md$/);
    expect(refused[0]?.errorTitle).toBe('The file is password-protected');
  });

  it('tells names apart that are in no Unicode', async () => {
    const actor = await BulkActor.arrive(harness);
    // ä and ö of code page 437, as Windows wrote them for decades.
    const named = (byte: number, text: string) => ({ name: Buffer.from([byte, ...Buffer.from('.md')]), content: text });
    const { id, files } = await actor.upload(
      writeZip([named(0x84, '# One\n\nOne.\n'), named(0x94, '# Two\n\nTwo.\n')]),
    );
    expect(files).toMatchObject({ accepted: 2, refused: 0 });
    expect((await actor.files(id)).map(({ path }) => path)).toEqual(['ä.md', 'ö.md']);
  });

  const bomb = (): Buffer =>
    writeZip(
      Array.from({ length: 11 }, (_, n) => ({ name: `${n}.txt`, content: Buffer.alloc(10_000_000, String(n)) })),
    );
  it.each<[string, string, () => Buffer, string]>([
    ['no archive', 'bulk-upload.not-an-archive', () => Buffer.from('# Chairs'), ''],
    ['an archive without entries', 'bulk-upload.empty', () => writeZip([]), ''],
    ['leftovers alone', 'bulk-upload.empty', () => writeZip([{ name: '.DS_Store', content: 'x' }]), ''],
    ['more than 100 MB', 'document.archive-unsafe', bomb, 'It expands to more than 100 MB'],
    [
      'a way out of the folder',
      'document.archive-unsafe',
      () => writeZip([...THREE, note(`../\u202e${'a'.repeat(300)}.md`, 'chair')]),
      `An entry has an unsafe name: "…${'a'.repeat(96)}.md"`,
    ],
    [
      'a way out in Windows',
      'document.archive-unsafe',
      () => writeZip([...THREE, note('x\\..\\..\\a.md', 'chair')]),
      'An entry has an unsafe name: "x\\..\\..\\a.md"',
    ],
    [
      'an absolute path',
      'document.archive-unsafe',
      () => writeZip([...THREE, note('/etc/a.md', 'chair')]),
      'An entry has an unsafe name: "/etc/a.md"',
    ],
    [
      'a link',
      'document.archive-unsafe',
      () => writeZip([{ name: 'a.md', content: '/etc/passwd', externalAttributes: 0o120777 << 16 }]),
      'It holds a symbolic link: "a.md"',
    ],
    [
      'a password on all of it',
      'document.encrypted',
      () => writeZip([{ ...note('a.md', 'chair'), flags: 1 }]),
      '"a.md"',
    ],
  ])('refuses %s at once, and keeps nothing', async (_name, code, zip, detail) => {
    expect(await (await actor.send(zip())).json()).toMatchObject({ code, ...(detail && { detail }) });
    expect(await blobsOf()).toEqual([]);
  });

  it('takes what the quota has room for and refuses the rest by name', async () => {
    const small = await DocumentsApp.start(create, { parsesHere: true, env: { QUOTA_DOCUMENTS: '2' } });
    try {
      const poor = await BulkActor.arrive(small);
      const { id } = await poor.upload(writeZip(THREE));
      expect((await poor.files(id)).map(({ errorCode }) => errorCode)).toEqual([null, null, 'document.too-many']);
    } finally {
      await small.close();
    }
  });

  describe('when nobody works on the queue', () => {
    let idle: DocumentsApp;
    let waiting: BulkActor;
    beforeAll(async () => {
      idle = await DocumentsApp.start(create, { parsesHere: true, hasWorker: false });
    });
    beforeEach(async () => {
      waiting = await BulkActor.arrive(idle);
    });
    afterEach(() => jest.restoreAllMocks());
    afterAll(() => idle.close());

    const send = async (zip: Buffer): Promise<string> =>
      ((await (await waiting.send(zip)).json()) as BulkUploadView).id;
    const run = (bulkUploadId: string): Promise<void> =>
      idle.app
        .get(BulkUnpacker)
        .run({ workspaceId: waiting.ctx.workspaceId, bulkUploadId }, new AbortController().signal);

    it('cancels: nothing more is taken, the archive is gone, and a second cancel is refused', async () => {
      const id = await send(writeZip(THREE));
      expect(await (await waiting.fetch(`/bulk-uploads/${id}/cancel`, { method: 'POST' })).json()).toMatchObject({
        status: 'cancelled',
        isDone: true,
        files: { cancelled: 3, accepted: 0 },
      });
      await run(id);
      expect(await waiting.view(id)).toMatchObject({ files: { cancelled: 3, accepted: 0 } });
      const again = await waiting.fetch(`/bulk-uploads/${id}/cancel`, { method: 'POST' });
      expect(await again.json()).toMatchObject({ code: 'bulk-upload.not-cancellable' });
    });

    it('counts two thousand files, not what lies between them, and names the first too many', async () => {
      const files = Array.from({ length: 2_000 }, (_, n) => ({ name: `${n}.exe`, content: '' }));
      const folders = Array.from({ length: 100 }, (_, n) => ({ name: `__MACOSX/${n}`, content: '' }));
      const last = { name: `far/${'\u200b'.repeat(200)}too-many.md`, content: '' };
      expect(await (await waiting.send(writeZip([...folders, ...files, last]))).json()).toMatchObject({
        code: 'document.archive-unsafe',
        detail: 'It holds more than 2000 files, from here on: "far/too-many.md"',
      });
      const { files: listed } = (await (await waiting.send(writeZip([...folders, ...files]))).json()) as BulkUploadView;
      expect(listed).toMatchObject({ total: 2_000, skipped: 100 });
      const folder = { name: 'a/', content: '' };
      const many = Array.from({ length: 10_001 }, () => folder);
      expect(await (await waiting.send(writeZip(many))).json()).toMatchObject({
        code: 'document.archive-unsafe',
        detail: 'It holds more than 10000 entries',
      });
    });

    it('cancels while a file is taken: the counts add up, and stay as the answer to the cancel says', async () => {
      const id = await send(writeZip(THREE));
      const intake = idle.app.get(DocumentIntake);
      const take = intake.take.bind(intake);
      const cancel = async () => waiting.fetch(`/bulk-uploads/${id}/cancel`, { method: 'POST' });
      let answer: BulkUploadView | undefined;
      jest.spyOn(intake, 'take').mockImplementation(async (...given) => {
        // The answer is read as the route documents it.
        if (given[1].fileName === 'b.md') answer = (await (await cancel()).json()) as BulkUploadView;
        return take(...given);
      });
      await run(id);
      expect(answer).toMatchObject({ status: 'cancelled', files: { accepted: 1, cancelled: 2 } });
      expect((await waiting.view(id)).files).toEqual(answer?.files);
      expect(((await (await waiting.fetch('/documents')).json()) as DocumentsPage).items).toHaveLength(1);
      expect(await (await cancel()).json()).toMatchObject({ code: 'bulk-upload.not-cancellable' });
    });

    it('cancels after a kill: what was taken by then counts as taken', async () => {
      const id = await send(writeZip(THREE));
      const intake = idle.app.get(DocumentIntake);
      const take = intake.take.bind(intake);
      jest.spyOn(intake, 'take').mockImplementation(async (...given) => {
        const state = await take(...given);
        if (given[1].fileName === 'b.md') throw new Error('killed');
        return state;
      });
      await expect(run(id)).rejects.toThrow('killed');
      const answer = await waiting.fetch(`/bulk-uploads/${id}/cancel`, { method: 'POST' });
      expect(await answer.json()).toMatchObject({
        files: { accepted: 2, cancelled: 1 },
        documents: { inProgress: 2 },
        isDone: false,
      });
    });

    it('keeps three archives a workspace waiting, and refuses the fourth', async () => {
      for (let n = 0; n < 3; n += 1) expect((await waiting.send(writeZip(THREE))).status).toBe(202);
      expect(await (await waiting.send(writeZip(THREE))).json()).toMatchObject({ code: 'bulk-upload.too-many' });
    });

    it('goes on after a kill: a file that was taken just before is not called a duplicate', async () => {
      const id = await send(writeZip(THREE));
      const intake = idle.app.get(DocumentIntake);
      const take = intake.take.bind(intake);
      // Killed when the second document was just made.
      jest.spyOn(intake, 'take').mockImplementation(async (...given) => {
        const state = await take(...given);
        if (given[1].fileName === 'b.md') throw new Error('killed');
        return state;
      });
      await expect(run(id)).rejects.toThrow('killed');
      jest.restoreAllMocks();
      await run(id);
      const files = await waiting.files(id);
      expect(files.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(files.map(({ documentId }) => documentId)).toEqual(files.map((file) => file.id));
      expect((await waiting.view(id)).files).toMatchObject({ accepted: 3, duplicate: 0 });
    });

    it('goes on after a kill behind the last snippet that was made', async () => {
      const snippets = [1, 2, 3].map((n) =>
        JSON.stringify({ question: `What is number ${n}?`, answer: `It is ${n}.` }),
      );
      const manifest = { format: 'customercare-knowledge', version: 1, documents: [], snippetCount: 3 };
      const id = await send(
        writeZip([
          { name: 'customercare-snippets.ndjson', content: snippets.join('\n') },
          { name: 'customercare.json', content: JSON.stringify(manifest) },
        ]),
      );
      const service = idle.app.get(Snippets);
      const take = service.import.bind(service);
      jest.spyOn(service, 'import').mockImplementation(async (...given) => {
        const state = await take(...given);
        if (given[1].question === 'What is number 2?') throw new Error('killed');
        return state;
      });
      await expect(run(id)).rejects.toThrow('killed');
      jest.restoreAllMocks();
      await run(id);
      expect((await waiting.view(id)).snippets).toMatchObject({ total: 3, accepted: 3, duplicate: 0 });
      const { items } = (await (await waiting.fetch('/snippets')).json()) as SnippetsPage;
      expect(items.map(({ answer }) => answer)).toEqual(['It is 3.', 'It is 2.', 'It is 1.']);
    });

    it('two workers at the same archive make each document once', async () => {
      const id = await send(writeZip(THREE));
      await Promise.all([run(id), run(id)]);
      expect((await waiting.view(id)).files).toMatchObject({ accepted: 3, duplicate: 0, refused: 0 });
      for (const { documentId } of await waiting.files(id)) {
        const found = await idle.database.inspect<{ blob: string }>(
          'select blob_id as blob from document_versions where document_id = $1',
          [documentId],
        );
        expect(found).toHaveLength(1);
        const blobId = found[0]?.blob ?? '';
        const bytes = await idle.app.get(BlobStore).get({ workspaceId: waiting.ctx.workspaceId, blobId });
        expect(bytes.toString()).toMatch(/oak/);
      }
    });

    it('gives up a file that kills its worker each time, and that file alone', async () => {
      const id = await send(writeZip(THREE));
      const intake = idle.app.get(DocumentIntake);
      const take = intake.take.bind(intake);
      jest.spyOn(intake, 'take').mockImplementation(async (...given) => {
        if (given[1].fileName === 'b.md') throw new Error('killed');
        return take(...given);
      });
      for (let n = 0; n <= MAX_ATTEMPTS; n += 1) await run(id).catch(() => undefined);
      await run(id);
      expect((await waiting.files(id)).map(({ errorCode }) => errorCode)).toEqual([
        null,
        'document.processing-failed',
        null,
      ]);
    });

    it('ends as failed when the stored archive cannot be read any more', async () => {
      const id = await send(writeZip(THREE));
      await idle.app.get(BlobStore).delete({ workspaceId: waiting.ctx.workspaceId, blobId: id });
      await run(id);
      expect(await waiting.view(id)).toMatchObject({ status: 'failed', errorCode: 'data.unreadable', isDone: true });
    });

    it('its documents belong to whoever sent it', async () => {
      const id = await send(writeZip(THREE));
      await run(id);
      const made = await idle.database.inspect<{ by: string }>(
        'select distinct created_by as by from documents where workspace_id = $1',
        [waiting.ctx.workspaceId],
      );
      const { actor: sender } = waiting.ctx;
      expect(made).toEqual([{ by: sender.type === 'system' ? null : sender.id }]);
    });
  });
});
