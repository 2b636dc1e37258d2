import { PDFDocument, StandardFonts } from 'pdf-lib';
import { Admin } from './support/admin';
import { until } from './support/until';
import { describeEmbeddedStack, type Stack } from './support/stack';

const PAGES = 300;

async function longManual(): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (let page = 1; page <= PAGES; page++) {
    const sheet = pdf.addPage([595, 842]);
    sheet.drawText(`Chapter ${page}`, { x: 50, y: 780, size: 20, font });
    for (let line = 0; line < 4; line++) {
      const text = `Machine M${page} needs service item ${page}-${line} every ${page + line} hours of use, see table ${line}.`;
      sheet.drawText(text, { x: 50, y: 740 - line * 18, size: 10, font });
    }
  }
  return Buffer.from(await pdf.save());
}

describeEmbeddedStack('The worker is killed while it reads a long PDF', (start) => {
  let stack: Stack;
  let bytes: Buffer;

  beforeAll(async () => {
    bytes = await longManual();
    stack = await start();
  }, 120_000);

  afterAll(() => stack?.stop());

  it('and after a restart the document is indexed once, and every passage is found once', async () => {
    const admin = await Admin.register(stack.url);
    const undisturbed = await admin.uploadAndIndex('undisturbed.pdf', bytes, 'application/pdf', 240);
    expect(undisturbed.pageCount).toBe(PAGES);

    const other = await Admin.register(stack.url, 'Another workspace');
    const answer = await other.upload('manual.pdf', bytes, 'application/pdf');
    expect(answer.status).toBe(202);
    for (const step of ['parsing', 'embedding']) {
      const isThere = async () => (await other.document(answer.body.id)).status === step;
      await until(isThere, 60, `status ${step}`);
      await stack.reader.kill();
      await stack.restartReader();
      expect((await other.document(answer.body.id)).status).not.toBe('indexed');
    }

    const document = await other.processed(answer.body.id, 240);
    expect(document.status).toBe('indexed');
    expect(document.chunkCount).toBe(undisturbed.chunkCount);

    const found = await other.inWorkspace<{ passages: { id: string; text: string }[] }>('POST', '/search', {
      query: 'Machine M250 service item 250-3',
      limit: 20,
    });
    const ids = found.body.passages.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(found.body.passages.map(({ text }) => text)).size).toBe(ids.length);
    const list = await other.inWorkspace<{ items: unknown[] }>('GET', '/documents');
    expect(list.body.items).toHaveLength(1);
  }, 600_000);
});
