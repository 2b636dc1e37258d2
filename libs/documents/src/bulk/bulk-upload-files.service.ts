import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { BulkUploadFile, FileOutcome } from './bulk-upload-file';
import { BulkUpload } from './bulk-upload.entity';

export interface FilesQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly outcome?: FileOutcome;
}

/** The report on each file of an archive. */
@Injectable()
export class BulkUploadFiles {
  constructor(private readonly db: WorkspaceDb) {}

  /** In the order of the archive. @throws AppError `bulk-upload.not-found` */
  list(ctx: WorkspaceContext, bulkUploadId: string, query: FilesQuery): Promise<Page<BulkUploadFile>> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const isThere = await tx.getRepository(BulkUpload).existsBy({ workspaceId, id: bulkUploadId });
      if (!isThere) throw new AppError('bulk-upload.not-found');
      return toPage(await readFiles(tx, ctx, bulkUploadId, query), query.limit);
    });
  }
}

/** One more than asked for, when there is. */
async function readFiles(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  bulkUploadId: string,
  { limit, cursor, outcome }: FilesQuery,
): Promise<BulkUploadFile[]> {
  const after = cursor === undefined ? null : decodeCursor(cursor);
  const rows = await tx.query<(BulkUploadFile & { byteSize: string })[]>(
    `select f.id, f.kind, f.path, f.byte_size as "byteSize", f.outcome, f.error_code as "errorCode",
       f.document_id as "documentId", v.status as "documentStatus", v.error_code as "documentErrorCode"
     from bulk_upload_files f
     left join documents d on d.workspace_id = f.workspace_id and d.id = f.document_id
     left join document_versions v
       on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.newest_version
     where f.workspace_id = $1 and f.bulk_upload_id = $2 and ($3::text is null or f.outcome = $3)
       and ($4::uuid is null or f.ordinal > (
         select ordinal from bulk_upload_files where workspace_id = $1 and bulk_upload_id = $2 and id = $4))
     order by f.ordinal limit $5`,
    [workspaceId, bulkUploadId, outcome ?? null, after, limit + 1],
  );
  return rows.map((row) => ({ ...row, byteSize: Number(row.byteSize) }));
}
