import { Global, Module } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller';
import { AuditEventsService } from './audit-events.service';
import { AuditLog } from './audit-log';

/** Global, because every module that changes something records it. Needs DatabaseModule with `AuditEvent` among its entities. */
@Global()
@Module({
  controllers: [AuditEventsController],
  providers: [AuditLog, AuditEventsService],
  exports: [AuditLog],
})
export class AuditModule {}
