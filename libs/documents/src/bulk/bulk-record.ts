import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, type ErrorCode, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { DocumentQuota } from '../quota/document-quota';
import type { ListedFile } from './archive-listing';
import { countFiles } from './bulk-upload-counts';
import type { FileDecision, WaitingFile } from './bulk-upload-file';
import { BulkUpload, isOpen, OPEN_STATUSES } from './bulk-upload.entity';

/** Rows read at once: few enough to be up to date, enough to be few questions. */
const WAITING_BATCH = 100;

/** Archives of a workspace that wait or are unpacked: their bytes count against no quota. */
const MAX_OPEN = 3;

interface FileKey {
  readonly bulkUploadId: string;
  readonly fileId: string;
}

/** What is written of archives, each step in one short transaction. */
@Injectable()
export class BulkRecord {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly quota: DocumentQuota,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * One transaction: the archive with a row for each of its files, or nothing.
   * @returns its place in line
   * @throws AppError `bulk-upload.too-many`
   */
  add(ctx: WorkspaceContext, upload: BulkUpload, files: readonly ListedFile[]): Promise<number> {
    return this.db.run(ctx, async (tx) => {
      // Whoever stores something in the workspace waits here, so the number of open archives holds.
      await this.quota.hold(tx, ctx, { documents: 0, bytes: 0 });
      const place = (await countOpen(tx, ctx)) + 1;
      if (place > MAX_OPEN) throw new AppError('bulk-upload.too-many');
      await tx.getRepository(BulkUpload).insert(upload);
      await insertFiles(tx, upload, files);
      const { id: bulkUploadId, byteSize } = upload;
      const snippets = files.filter(({ kind }) => kind === 'snippet').length;
      const facts = { bulkUploadId, byteSize, files: files.length - snippets, snippets };
      await this.audit.record(tx, ctx, 'bulk-upload.started', facts);
      return place;
    });
  }

  /** Counts an attempt. Null when it is gone or nobody has to work on it. */
  begin(ctx: WorkspaceContext, id: string): Promise<BulkUpload | null> {
    return this.db.run(ctx, async (tx) => {
      const upload = await findLocked(tx, ctx, id);
      if (!upload || !isOpen(upload)) return null;
      return tx.getRepository(BulkUpload).save({ ...upload, status: 'unpacking', attempts: upload.attempts + 1 });
    });
  }

  async takeBackAttempt(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, (tx) =>
      tx
        .getRepository(BulkUpload)
        .update({ workspaceId: ctx.workspaceId, id }, { attempts: () => 'greatest(attempts - 1, 0)' }),
    );
  }

  /** The next files to decide on, in the order of the archive; none when it was cancelled. */
  waiting(ctx: WorkspaceContext, id: string): Promise<WaitingFile[]> {
    return this.db.run(ctx, (tx) =>
      tx.query<WaitingFile[]>(
        `select id, kind, ordinal, path from bulk_upload_files
         where workspace_id = $1 and bulk_upload_id = $2 and outcome = 'waiting' order by ordinal limit $3`,
        [ctx.workspaceId, id, WAITING_BATCH],
      ),
    );
  }

  /**
   * Part of the transaction that makes something of a file, so that the file is on record as accepted exactly when that is
   * there: a cancel comes before it or after it, and its counts stay true.
   * @throws AppError `document.cancelled` when it came before
   */
  async accept(tx: Tx, ctx: WorkspaceContext, { bulkUploadId, fileId }: FileKey): Promise<void> {
    const upload = await findLocked(tx, ctx, bulkUploadId);
    if (!upload || !isOpen(upload)) throw new AppError('document.cancelled');
    // Getting further is what attempts are counted against.
    await tx.getRepository(BulkUpload).update({ workspaceId: ctx.workspaceId, id: bulkUploadId }, { attempts: 0 });
    await tx.query(
      `update bulk_upload_files set outcome = 'accepted', document_id = id
       where workspace_id = $1 and bulk_upload_id = $2 and id = $3`,
      [ctx.workspaceId, bulkUploadId, fileId],
    );
  }

  /** @returns false when it was cancelled meanwhile */
  decide(
    ctx: WorkspaceContext,
    { bulkUploadId, fileId }: FileKey,
    { outcome, errorCode, documentId }: FileDecision,
  ): Promise<boolean> {
    return this.db.run(ctx, async (tx) => {
      const open = { workspaceId: ctx.workspaceId, id: bulkUploadId, status: In(OPEN_STATUSES) };
      // Getting further is what attempts are counted against.
      const { affected } = await tx.getRepository(BulkUpload).update(open, { attempts: 0 });
      await tx.query(
        `update bulk_upload_files set outcome = $4, error_code = $5, document_id = $6
         where workspace_id = $1 and bulk_upload_id = $2 and id = $3 and outcome = 'waiting'`,
        [ctx.workspaceId, bulkUploadId, fileId, outcome, errorCode, documentId],
      );
      return affected === 1;
    });
  }

  async finish(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const upload = await findLocked(tx, ctx, id);
      if (!upload || !isOpen(upload)) return;
      await tx.getRepository(BulkUpload).save({ ...upload, status: 'unpacked', endedAt: this.clock.now() });
      const { files, snippets } = (await countFiles(tx, ctx, [id])).of(id);
      const { accepted, duplicate, refused } = files;
      const facts = { bulkUploadId: id, accepted, duplicate, refused, snippets: snippets.accepted };
      await this.audit.record(tx, ctx, 'bulk-upload.finished', facts);
    });
  }

  /** Nothing more can be made of it. What was taken before stays. */
  async fail(ctx: WorkspaceContext, id: string, code: ErrorCode): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const upload = await findLocked(tx, ctx, id);
      if (!upload || !isOpen(upload)) return;
      const ended = { status: 'failed', errorCode: code, endedAt: this.clock.now() } as const;
      await tx.getRepository(BulkUpload).save({ ...upload, ...ended });
      await tx.query(
        `update bulk_upload_files set outcome = 'refused', error_code = $3
         where workspace_id = $1 and bulk_upload_id = $2 and outcome = 'waiting'`,
        [ctx.workspaceId, id, code],
      );
      await this.audit.record(tx, ctx, 'bulk-upload.failed', { bulkUploadId: id, code });
    });
  }
}

/** Null when there is none. Holds off everybody else who changes it. */
export function findLocked(tx: Tx, { workspaceId }: WorkspaceContext, id: string): Promise<BulkUpload | null> {
  const lock = { mode: 'pessimistic_write' as const };
  return tx.getRepository(BulkUpload).findOne({ where: { workspaceId, id }, lock });
}

function countOpen(tx: Tx, { workspaceId }: WorkspaceContext): Promise<number> {
  return tx.getRepository(BulkUpload).countBy({ workspaceId, status: In(OPEN_STATUSES) });
}

async function insertFiles(tx: Tx, { workspaceId, id }: BulkUpload, files: readonly ListedFile[]): Promise<void> {
  await tx.query(
    `insert into bulk_upload_files (workspace_id, bulk_upload_id, id, kind, ordinal, path, byte_size, error_code, outcome)
     select $1, $2, f.id, f.kind, f.ordinal, f.path, f."byteSize", f."errorCode",
       case when f."errorCode" is null then 'waiting' else 'refused' end
     from jsonb_to_recordset($3::jsonb) as f (id uuid, kind text, ordinal int, path text, "byteSize" bigint, "errorCode" text)`,
    [workspaceId, id, JSON.stringify(files.map((file) => ({ ...file, id: newId() })))],
  );
}
