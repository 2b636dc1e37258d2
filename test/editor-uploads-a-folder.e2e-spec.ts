import { eicar, writeZip } from '@app/documents/testing';
import { Admin, type BulkUploadView } from './support/admin';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const NOTES = 22;
const COPIES = 12;

const note = (n: number): string =>
  `# Machine M${n}\n\nThe machine M${n} is kept in hall ${n + 100}. Its oil is changed every ${n + 40} days.\n`;

/** Forty files in folders, and what a Mac leaves in them. */
function folder(): Buffer {
  const notes = Array.from({ length: NOTES }, (_, n) => ({
    name: `machines/hall-${n % 3}/m${n}.md`,
    content: note(n),
  }));
  const copies = Array.from({ length: COPIES }, (_, n) => ({ name: `machines/old/copy-${n}.md`, content: note(n) }));
  const bomb = writeZip([{ name: 'word/document.xml', content: Buffer.alloc(30_000_000) }]);
  return writeZip([
    { name: 'machines/', content: '' },
    ...notes,
    { name: 'machines/.DS_Store', content: 'x' },
    ...copies,
    { name: 'tools/setup.exe', content: Buffer.concat([Buffer.from('MZ\x90\x00', 'latin1'), Buffer.alloc(300)]) },
    { name: 'tools/bomb.docx', content: bomb },
    { name: 'tools/virus.txt', content: eicar() },
    { name: 'tools/more.zip', content: writeZip([{ name: 'inner.md', content: note(99) }]) },
    { name: 'tools/empty.txt', content: '' },
    { name: 'tools/secret.md', content: note(98), flags: 1 },
    { name: 'machines/hall-0/M0.MD', content: note(97) },
    { name: 'tools/picture.png', content: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') },
  ]);
}

const REFUSED: Readonly<Record<string, string>> = {
  'tools/setup.exe': 'document.type-unsupported',
  'tools/bomb.docx': 'document.archive-unsafe',
  'tools/virus.txt': 'document.infected',
  'tools/more.zip': 'document.type-unsupported',
  'tools/empty.txt': 'document.empty',
  'tools/secret.md': 'document.encrypted',
  'machines/hall-0/M0.MD': 'bulk-upload.name-taken',
  'tools/picture.png': 'document.type-unsupported',
};

interface FileView {
  path: string;
  outcome: string;
  errorCode: string | null;
  documentId: string | null;
  documentStatus: string | null;
}

describeStack('An editor uploads a folder of forty files', (start) => {
  let stack: Stack;
  let editor: Admin;
  let id: string;

  beforeAll(async () => {
    stack = await start();
    editor = await Admin.register(stack.url);
  }, 120_000);
  afterAll(() => stack?.stop());

  it('sees its progress, while another workspace does not wait for it, and a killed worker loses and doubles nothing', async () => {
    const neighbour = await Admin.register(stack.url, 'Neighbours');
    const answer = await editor.uploadArchive(folder());
    expect(answer.status).toBe(202);
    expect(answer.body.files).toMatchObject({ total: NOTES + COPIES + 8, skipped: 2 });
    id = answer.body.id;
    await until(async () => (await editor.bulkUpload(id)).files.accepted > 5, 60, 'some files taken');

    await neighbour.uploadAndIndex('hours.md', Buffer.from('# Hours\n\nThe shop is open from nine to five.\n'));
    const meanwhile = await editor.bulkUpload(id);
    expect(meanwhile.isDone).toBe(false);
    expect(meanwhile.documents.indexed).toBeLessThan(NOTES);

    await stack.reader.kill();
    await stack.restartReader();
    const seen = await editor.followed<BulkUploadView>(`/bulk-uploads/${id}`);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toMatchObject({
      status: 'unpacked',
      isDone: true,
      files: { waiting: 0, accepted: NOTES, duplicate: COPIES, refused: 8, cancelled: 0 },
      documents: { indexed: NOTES, failed: 0, quarantined: 0, inProgress: 0 },
    });
  }, 240_000);

  it('reads what became of each file', async () => {
    const { body } = await editor.inWorkspace<{ items: FileView[] }>('GET', `/bulk-uploads/${id}/files?limit=100`);
    const by = (outcome: string): FileView[] => body.items.filter((file) => file.outcome === outcome);
    expect(Object.fromEntries(by('refused').map(({ path, errorCode }) => [path, errorCode]))).toEqual(REFUSED);
    const ofPath = new Map(by('accepted').map((file) => [file.path, file]));
    expect(new Set([...ofPath.values()].map(({ documentId }) => documentId)).size).toBe(NOTES);
    for (const [n, copy] of by('duplicate').entries()) {
      expect(copy.documentId).toBe(ofPath.get(`machines/hall-${n % 3}/m${n}.md`)?.documentId);
    }
    const { body: documents } = await editor.inWorkspace<{ items: { folder: string }[] }>(
      'GET',
      '/documents?limit=100',
    );
    expect(documents.items).toHaveLength(NOTES);
    expect(new Set(documents.items.map(({ folder }) => folder))).toEqual(
      new Set(['machines/hall-0', 'machines/hall-1', 'machines/hall-2']),
    );
  }, 60_000);

  it('and visitors are answered from it', async () => {
    const { embedKey } = await editor.createEmbed([SITE]);
    const visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    const { text } = await visitor.ask('In which hall is the machine M17 kept?');
    expect(text).toContain('hall 117');
    visitor.leave();
  }, 60_000);

  it('carries it all to another workspace, the answers people wrote too', async () => {
    const snippet = { question: 'Who oils the machines?', answer: 'Ask for **Ada** in hall 100.', isCanned: true };
    expect((await editor.inWorkspace('POST', '/snippets', snippet)).status).toBe(201);
    const exported = await fetch(`${stack.url}/v1/workspaces/${editor.workspaceId}/knowledge-export`, {
      headers: { authorization: `Bearer ${editor.session.accessToken}` },
    });
    const zip = Buffer.from(await exported.arrayBuffer());
    const partner = await Admin.register(stack.url, 'Partners');
    const { body } = await partner.uploadArchive(zip);
    await until(async () => (await partner.bulkUpload(body.id)).isDone, 120, 'the import');
    expect(await partner.bulkUpload(body.id)).toMatchObject({
      files: { accepted: NOTES, refused: 0 },
      snippets: { total: 1, accepted: 1 },
      documents: { indexed: NOTES },
    });
    const { embedKey } = await partner.createEmbed([SITE]);
    const visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    expect((await visitor.ask('who oils the machines')).text).toBe(snippet.answer);
    visitor.leave();
  }, 180_000);
});
