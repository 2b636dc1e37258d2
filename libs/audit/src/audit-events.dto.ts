import { EnumField, PageQuery } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import { AUDIT_ACTIONS, type AuditAction } from './audit-actions';
import type { AuditEvent } from './audit-event';

export class AuditEventsQuery extends PageQuery {
  @EnumField({ values: AUDIT_ACTIONS, optional: true })
  action?: AuditAction;
}

export class AuditActorView {
  @ApiProperty({ enum: ['user', 'visitor', 'system'] })
  type: 'user' | 'visitor' | 'system';

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  id: string | null;
}

export class AuditEventView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 100 })
  action: string;

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

export const toAuditEventView = (event: AuditEvent): AuditEventView => ({
  id: event.id,
  action: event.action,
  actor: { type: event.actorType, id: event.actorId },
  data: event.data,
  ip: event.ip,
  requestId: event.requestId,
  createdAt: event.createdAt.toISOString(),
});
