import { WorkspaceDb } from '@app/database';
import { decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { mustFindDocument } from '../versions/find-document';

/** One passage as the search knows it. */
export interface DocumentChunk {
  readonly id: string;
  /** From 0, in the order of the document. */
  readonly ordinal: number;
  /** Outermost first. */
  readonly headingPath: string[];
  /** From 1; null for formats without pages. */
  readonly page: number | null;
  /** ISO 639-1; null when it could not be told. */
  readonly language: string | null;
  readonly text: string;
}

/** What a document was cut into. */
@Injectable()
export class DocumentChunks {
  constructor(private readonly db: WorkspaceDb) {}

  /**
   * In the order of the document; none before it is indexed.
   * @throws AppError `document.not-found`
   */
  list(
    ctx: WorkspaceContext,
    documentId: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<DocumentChunk>> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      await mustFindDocument(tx, ctx, documentId);
      const rows: DocumentChunk[] = await tx.query(
        `select c.id, c.ordinal, c.heading_path as "headingPath", c.page, c.language, c.text
         from chunks c
         join documents d on d.workspace_id = c.workspace_id and d.id = c.document_id and c.version = d.live_version
         where c.workspace_id = $1 and c.document_id = $2 and ($3::uuid is null or c.ordinal > (
           select ordinal from chunks where workspace_id = $1 and document_id = $2 and id = $3))
         order by c.ordinal limit $4`,
        [workspaceId, documentId, after, limit + 1],
      );
      return toPage(rows, limit);
    });
  }
}
