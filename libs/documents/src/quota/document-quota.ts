import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';

/** What a workspace keeps: documents, and the bytes of the files of all their versions. */
export interface StoredAmount {
  readonly documents: number;
  readonly bytes: number;
}

/** How much a workspace may keep. */
@Injectable()
export class DocumentQuota {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly options: DocumentsOptions,
  ) {}

  get limits(): StoredAmount {
    const { maxDocuments, maxStoredBytes } = this.options.config;
    return { documents: maxDocuments, bytes: maxStoredBytes };
  }

  used(ctx: WorkspaceContext): Promise<StoredAmount> {
    return this.db.run(ctx, (tx) => count(tx, ctx));
  }

  /** Before the work of storing anything. @throws AppError as `hold` */
  async refuseWhenFull(ctx: WorkspaceContext, more: StoredAmount): Promise<void> {
    this.compare(await this.used(ctx), more);
  }

  /**
   * Part of the transaction that stores `more`: until it ends nobody else in the workspace gets past here, so uploads at the
   * same moment cannot exceed the quota together. Lock a source and a document before, never after.
   * @throws AppError `document.too-many`, `document.storage-full`
   */
  async hold(tx: Tx, ctx: WorkspaceContext, more: StoredAmount): Promise<void> {
    await tx.query('insert into knowledge_versions (workspace_id) values ($1) on conflict do nothing', [
      ctx.workspaceId,
    ]);
    await tx.query('select 1 from knowledge_versions where workspace_id = $1 for update', [ctx.workspaceId]);
    this.compare(await count(tx, ctx), more);
  }

  private compare(used: StoredAmount, more: StoredAmount): void {
    const { documents, bytes } = this.limits;
    if (used.documents + more.documents > documents) throw new AppError('document.too-many');
    if (used.bytes + more.bytes > bytes) throw new AppError('document.storage-full');
  }
}

async function count(tx: Tx, { workspaceId }: WorkspaceContext): Promise<StoredAmount> {
  const [row] = await tx.query<{ documents: number; bytes: string }[]>(
    `select (select count(*)::int from documents where workspace_id = $1 and kind = 'file') as documents,
            (select coalesce(sum(byte_size), 0) from document_versions where workspace_id = $1) as bytes`,
    [workspaceId],
  );
  return { documents: row?.documents ?? 0, bytes: Number(row?.bytes ?? 0) };
}
