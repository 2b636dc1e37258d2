import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { type AuditFilter, AuditEventsService } from '../audit-events.service';
import { AuditLog } from '../audit-log';
import type { ExportFormat } from './export-formats';
import { CSV_HEADER, toCsv, toNdjson } from './export-lines';

/** Rows read in one short transaction. */
const PAGE = 500;

/** Hands a workspace's trail out as a file, oldest event first, however long it is. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly events: AuditEventsService,
  ) {}

  /** The export is an event itself, written before the first line; later events are not in it. */
  async open(ctx: WorkspaceContext, format: ExportFormat, filter: AuditFilter): Promise<Readable> {
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as AuditFilter;
    await this.audit.recordAlone(ctx, 'audit.exported', { format, ...asked });
    const [end] = await this.db.run(ctx, (tx) =>
      tx.query<{ seq: string }[]>('select max(seq) as seq from audit_events where workspace_id = $1', [
        ctx.workspaceId,
      ]),
    );
    return Readable.from(this.lines(ctx, format, asked, end?.seq ?? '0'));
  }

  private async *lines(
    ctx: WorkspaceContext,
    format: ExportFormat,
    filter: AuditFilter,
    end: string,
  ): AsyncGenerator<string> {
    if (format === 'csv') yield CSV_HEADER;
    let after = '0';
    for (;;) {
      const page = await this.events.readOn(ctx, filter, { after, upTo: end }, PAGE);
      if (page.length > 0) yield format === 'csv' ? toCsv(page) : toNdjson(page);
      if (page.length < PAGE) return;
      after = page.at(-1)?.seq ?? end;
    }
  }
}
