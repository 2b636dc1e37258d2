import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

/** The file that a document is answered from. */
export interface LiveFile {
  readonly documentId: string;
  readonly blobId: string;
  readonly title: string;
  readonly folder: string | null;
  readonly sourceUrl: string | null;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteSize: number;
  readonly sha256: Buffer;
  readonly createdAt: Date;
}

/** Rows read in one short transaction. */
const PAGE = 200;

/** What a workspace answers from, as files. What is in quarantine, or has never been indexed, is not live. */
@Injectable()
export class LiveFiles {
  constructor(private readonly db: WorkspaceDb) {}

  /** Oldest document first. Changes while somebody reads are in it or not. */
  async *list(ctx: WorkspaceContext): AsyncGenerator<LiveFile> {
    let after: string | null = null;
    for (;;) {
      const page: LiveFile[] = await this.readOn(ctx, after);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.documentId;
    }
  }

  /** Whether answers still come from it. */
  async isLive(ctx: WorkspaceContext, { documentId, blobId }: LiveFile): Promise<boolean> {
    const rows = await this.db.run(ctx, (tx) =>
      tx.query<unknown[]>(
        `select 1 from documents d
         join document_versions v
           on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.live_version
         where d.workspace_id = $1 and d.id = $2 and v.blob_id = $3`,
        [ctx.workspaceId, documentId, blobId],
      ),
    );
    return rows.length > 0;
  }

  private readOn(ctx: WorkspaceContext, after: string | null): Promise<LiveFile[]> {
    return this.db.run(ctx, (tx) =>
      tx.query<LiveFile[]>(
        `select d.id as "documentId", v.blob_id as "blobId", d.title, d.folder,
           d.source_url as "sourceUrl", v.file_name as "fileName",
           v.media_type as "mediaType", v.byte_size as "byteSize", v.sha256, v.created_at as "createdAt"
         from documents d
         join document_versions v
           on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.live_version
         where d.workspace_id = $1 and d.kind = 'file' and ($2::uuid is null or d.id > $2) order by d.id limit $3`,
        [ctx.workspaceId, after, PAGE],
      ),
    );
  }
}
