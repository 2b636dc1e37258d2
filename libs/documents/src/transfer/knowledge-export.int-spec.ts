import { sha256 } from '@app/crypto';
import { describeDatabase } from '@app/database/testing';
import { readZip, type ZipPart } from '../formats/zip-container';
import { BlobStore } from '../storage/blob-store';
import { BulkActor } from '../testing/bulk-actor';
import { DocumentsApp } from '../testing/documents-app';
import { paragraph, writeDocx } from '../testing/write-docx';
import { writeZip } from '../testing/write-zip';
import type { Manifest } from './manifest';

describeDatabase('The export of a knowledge base', (create) => {
  let harness: DocumentsApp;
  beforeAll(async () => {
    harness = await DocumentsApp.start(create, { parsesHere: true });
  });
  afterAll(() => harness.close());

  const exportOf = async (actor: BulkActor): Promise<{ zip: Buffer; parts: ZipPart[]; manifest: Manifest }> => {
    const answer = await actor.fetch('/knowledge-export');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const zip = Buffer.from(await answer.arrayBuffer());
    const parts: ZipPart[] = [];
    for await (const part of readZip(zip)) parts.push(part);
    const manifest = JSON.parse(parts.at(-1)?.content.toString() ?? '') as Manifest; // that it is one is asserted below
    return { zip, parts, manifest };
  };

  /** What the documents of a workspace are, without what names this copy of them. */
  const knowledgeOf = ({ ctx }: BulkActor) =>
    harness.database.inspect(
      `select d.title, v.file_name, v.media_type, encode(v.sha256, 'hex') as sha256,
         (select array_agg(c.text order by c.ordinal) from chunks c
          where c.workspace_id = d.workspace_id and c.document_id = d.id and c.version = v.version) as chunks
       from documents d
       join document_versions v
         on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.live_version
       where d.workspace_id = $1 order by sha256`,
      [ctx.workspaceId],
    );

  it('sent to an empty workspace gives the same documents, titles, files and passages', async () => {
    const from = await BulkActor.arrive(harness);
    const documents = writeZip([
      { name: 'one/notes.md', content: '# Chairs\n\nThe chair is made of oak. It costs nine euros.\n' },
      { name: 'two/Notes.md', content: '# Tables\n\nThe table is made of ash. It costs ten euros.\n' },
      { name: 'price_list.csv', content: 'Thing;Price\nbench;12\nshelf;14\n' },
      { name: 'Größe.txt', content: 'The shelf is two metres wide, and the bench is one metre wide.' },
      {
        name: 'letter.docx',
        content: writeDocx(paragraph('Returns', 'Heading1') + paragraph('Parcels go back in thirty days.')),
      },
    ]);
    expect((await from.upload(documents)).documents.indexed).toBe(5);
    const { zip, parts, manifest } = await exportOf(from);
    expect(manifest).toMatchObject({ format: 'customercare-knowledge', version: 1 });
    expect(parts.map(({ name }) => name)).toEqual([...manifest.documents.map(({ path }) => path), 'customercare.json']);
    for (const { path, sha256: digest, byteSize } of manifest.documents) {
      const content = parts.find(({ name }) => name === path)?.content ?? Buffer.alloc(0);
      expect([sha256(content).toString('hex'), content.length]).toEqual([digest, byteSize]);
    }

    const to = await BulkActor.arrive(harness);
    expect((await to.upload(zip)).files).toMatchObject({ total: 5, accepted: 5, skipped: 1 });
    const copied = await knowledgeOf(to);
    expect(copied).toHaveLength(5);
    expect(copied).toEqual(await knowledgeOf(from));
    expect((await exportOf(to)).manifest.documents).toEqual(manifest.documents);
  });

  it('leaves out what is not answered from, and what is of another workspace; it is on record', async () => {
    const actor = await BulkActor.arrive(harness);
    await actor.upload(
      writeZip([
        { name: 'good.md', content: '# Good\n\nThe good chair is made of oak.\n' },
        { name: 'held.md', content: '# Held\n\nThe held chair is made of oak.\n' },
        { name: 'gone.md', content: '# Gone\n\nThe gone chair is made of oak.\n' },
      ]),
    );
    await harness.database.inspect(
      `update document_versions set status = 'quarantined', error_code = 'document.infected'
       where workspace_id = $1 and file_name = 'held.md'`,
      [actor.ctx.workspaceId],
    );
    await harness.database.inspect(
      `update documents d set live_version = null from document_versions v
       where v.document_id = d.id and v.file_name = 'held.md' and d.workspace_id = $1`,
      [actor.ctx.workspaceId],
    );
    const [gone] = await harness.database.inspect<{ blob: string }>(
      `select blob_id as blob from document_versions where workspace_id = $1 and file_name = 'gone.md'`,
      [actor.ctx.workspaceId],
    );
    await harness.app.get(BlobStore).delete({ workspaceId: actor.ctx.workspaceId, blobId: gone?.blob ?? '' });
    // A file that is lost cuts the export off: nobody takes it for whole.
    await expect(exportOf(actor)).rejects.toThrow();
    await harness.database.inspect(
      `delete from documents d using document_versions v
       where v.document_id = d.id and v.file_name = 'gone.md' and d.workspace_id = $1`,
      [actor.ctx.workspaceId],
    );
    const { manifest } = await exportOf(actor);
    expect(manifest.documents.map(({ path }) => path)).toEqual(['documents/good.md']);
    const [event] = await harness.database.inspect(
      `select count(*)::int as count from audit_events where workspace_id = $1 and action = 'knowledge.exported'`,
      [actor.ctx.workspaceId],
    );
    expect(event).toEqual({ count: 2 });
  });

  it('of an empty workspace is the manifest alone', async () => {
    const { parts, manifest } = await exportOf(await BulkActor.arrive(harness));
    expect(parts.map(({ name }) => name)).toEqual(['customercare.json']);
    expect(manifest.documents).toEqual([]);
  });
});
