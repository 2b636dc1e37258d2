import { AccessTrail } from '@app/http';
import { Global, Module } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller';
import { AuditEventsService } from './audit-events.service';
import { AuditLog } from './audit-log';
import { RecordedDenials } from './recorded-denials';

/** Global, because every module that changes something records it. Needs DatabaseModule with `AuditEvent` among its entities. */
@Global()
@Module({
  controllers: [AuditEventsController],
  providers: [AuditLog, AuditEventsService, { provide: AccessTrail, useClass: RecordedDenials }],
  exports: [AuditLog, AccessTrail],
})
export class AuditModule {}
