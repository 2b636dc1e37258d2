import { PassThrough, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { AuditLog } from '@app/audit';
import { AppError, Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { ZipFile } from 'yazl';
import { BlobStore } from '../storage/blob-store';
import { ArchivePaths } from './archive-paths';
import { type LiveFile, LiveFiles } from './live-files';
import { LiveSnippets } from './live-snippets';
import { type ExportedDocument, MANIFEST_NAME, SNIPPETS_NAME, toManifest } from './manifest';

/** Formats that are not compressed by themselves. */
const COMPRESSIBLE = /^text\/|rtf|json/;

/** Hands a workspace's knowledge out as one ZIP: every live document's original file, its snippets, and a manifest. */
@Injectable()
export class KnowledgeExport {
  private readonly logger = new Logger(KnowledgeExport.name);

  constructor(
    private readonly files: LiveFiles,
    private readonly snippets: LiveSnippets,
    private readonly blobs: BlobStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * The export is in the audit trail before its first byte. One file is in memory at a time, as fast as the reader reads.
   * The stream ends with an error when a file cannot be read: a ZIP that is cut off is better than one that lacks a file.
   */
  async open(ctx: WorkspaceContext): Promise<Readable> {
    await this.audit.recordAlone(ctx, 'knowledge.exported', {});
    const zip = new ZipFile();
    const out = new PassThrough();
    const gone = new AbortController();
    out.once('close', () => gone.abort());
    const piping = pipeline(zip.outputStream, out);
    void Promise.all([piping, this.write(ctx, zip, gone.signal)]).catch((error: unknown) => {
      // Once the reader has gone everything fails, and nobody needs to know.
      if (!gone.signal.aborted) this.logger.warn({ err: error }, 'An export could not be completed');
      out.destroy(error instanceof Error ? error : new Error('The export failed', { cause: error }));
    });
    return out;
  }

  private async write(ctx: WorkspaceContext, zip: ZipFile, signal: AbortSignal): Promise<void> {
    const documents = await this.writeFiles(ctx, zip, signal);
    const snippetCount = await this.writeSnippets(ctx, zip, signal);
    const manifest = JSON.stringify(toManifest(this.clock.now(), { documents, snippetCount }), null, 2);
    zip.addBuffer(Buffer.from(manifest), MANIFEST_NAME, { mtime: this.clock.now() });
    zip.end();
  }

  private async writeFiles(ctx: WorkspaceContext, zip: ZipFile, signal: AbortSignal): Promise<ExportedDocument[]> {
    const paths = new ArchivePaths();
    const written: ExportedDocument[] = [];
    for await (const file of this.files.list(ctx)) {
      const bytes = await this.read(ctx, file);
      if (!bytes) continue;
      const { title, folder, sourceUrl, mediaType, byteSize, sha256, createdAt } = file;
      const path = paths.next(file.fileName);
      const source = Readable.from(letGo([bytes]));
      zip.addReadStream(source, path, { mtime: createdAt, compress: COMPRESSIBLE.test(mediaType) });
      await finished(source, { signal });
      written.push({ path, title, folder, sourceUrl, mediaType, byteSize, sha256: sha256.toString('hex') });
    }
    return written;
  }

  /** @returns how many there are; without any there is no entry */
  private async writeSnippets(ctx: WorkspaceContext, zip: ZipFile, signal: AbortSignal): Promise<number> {
    const snippets = this.snippets.list(ctx);
    const first = await snippets.next();
    if (first.done) return 0;
    let count = 0;
    async function* lines(): AsyncGenerator<string> {
      for (let next = first; !next.done; next = await snippets.next()) {
        count += 1;
        yield `${JSON.stringify(next.value)}\n`;
      }
    }
    const source = Readable.from(lines(), { objectMode: false });
    zip.addReadStream(source, SNIPPETS_NAME, { mtime: this.clock.now() });
    await finished(source, { signal });
    return count;
  }

  /** Null when the document was deleted or replaced since it was listed. */
  private async read(ctx: WorkspaceContext, file: LiveFile): Promise<Buffer | null> {
    try {
      return await this.blobs.get({ workspaceId: ctx.workspaceId, blobId: file.blobId });
    } catch (error) {
      const isMissing = error instanceof AppError && error.code === 'document.not-found';
      if (isMissing && !(await this.files.isLive(ctx, file))) return null;
      throw error;
    }
  }
}

/** The library remembers the streams it was given until the end; they must not remember their bytes. */
async function* letGo(held: Buffer[]): AsyncGenerator<Buffer> {
  const bytes = held.pop();
  if (bytes) yield bytes;
}
