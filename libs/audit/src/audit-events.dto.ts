import { EnumField, PageQuery, TextField, UuidField, TimeField } from '@app/http';
import type { Actor } from '@app/kernel';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { AUDIT_ACTIONS, AUDIT_RESULTS, type AuditAction, type AuditResult } from './audit-actions';
import type { AuditEntry } from './audit-events.service';
import { EXPORT_FORMATS, type ExportFormat } from './export/export-formats';

const ACTOR_TYPES = ['user', 'visitor', 'api-key', 'system'] as const;

export class AuditEventsQuery extends PageQuery {
  @EnumField({ values: AUDIT_ACTIONS, optional: true })
  action?: AuditAction;

  @EnumField({ values: ACTOR_TYPES, optional: true })
  actorType?: Actor['type'];

  @UuidField({ optional: true })
  actorId?: string;

  @EnumField({ values: AUDIT_RESULTS, optional: true })
  result?: AuditResult;

  /** The `X-Request-Id` of the answer it belongs to. */
  @TextField({ max: 100, optional: true })
  requestId?: string;

  /** Not before. */
  @TimeField({ optional: true })
  from?: string;

  /** Before, and not at. */
  @TimeField({ optional: true })
  to?: string;
}

/** The filters of the list, without pages. */
export class AuditExportQuery extends OmitType(AuditEventsQuery, ['limit', 'cursor'] as const) {
  @EnumField({ values: EXPORT_FORMATS })
  format: ExportFormat;
}

export class AuditActorView {
  @ApiProperty({ enum: ACTOR_TYPES })
  type: Actor['type'];

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  id: string | null;
}

export class AuditEventView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Place in the chain of the workspace' })
  position: number;

  @ApiProperty({ maxLength: 100 })
  action: string;

  @ApiProperty({ enum: AUDIT_RESULTS })
  result: AuditResult;

  @ApiProperty()
  actor: AuditActorView;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Ids, codes and counts; never texts' })
  data: Record<string, unknown>;

  @ApiProperty({ type: String, maxLength: 64, nullable: true })
  ip: string | null;

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  requestId: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class AuditEventsPage {
  @ApiProperty({ type: [AuditEventView], maxItems: 100 })
  items: AuditEventView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toAuditEventView = (event: AuditEntry): AuditEventView => ({
  id: event.id,
  position: Number(event.seq),
  action: event.action,
  result: event.result,
  actor: { type: event.actorType, id: event.actorId },
  data: event.data,
  ip: event.ip,
  requestId: event.requestId,
  createdAt: event.createdAt.toISOString(),
});
