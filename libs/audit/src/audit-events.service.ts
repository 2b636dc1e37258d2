import { WorkspaceDb } from '@app/database';
import { decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import type { AuditAction } from './audit-actions';
import { AuditEvent } from './audit-event';

/** Reads one workspace's trail, newest first. */
@Injectable()
export class AuditEventsService {
  constructor(private readonly db: WorkspaceDb) {}

  /** @throws AppError `request.invalid` for a cursor this list did not issue. */
  async list(
    ctx: WorkspaceContext,
    query: { limit: number; cursor?: string; action?: AuditAction },
  ): Promise<Page<AuditEvent>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const rows = await this.db.run(ctx, (tx) =>
      tx.getRepository(AuditEvent).find({
        where: {
          workspaceId: ctx.workspaceId,
          ...(query.action && { action: query.action }),
          ...(before && { id: LessThan(before) }),
        },
        order: { id: 'DESC' },
        take: query.limit + 1,
      }),
    );
    return toPage(rows, query.limit);
  }
}
