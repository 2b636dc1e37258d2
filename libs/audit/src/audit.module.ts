import { AccessTrail } from '@app/http';
import { Global, Module } from '@nestjs/common';
import { AuditAddresses } from './audit-address';
import { AuditEventsController } from './audit-events.controller';
import { AuditEventsService } from './audit-events.service';
import { AuditLog } from './audit-log';
import { AuditExport } from './export/audit-export.service';
import { RecordedDenials } from './recorded-denials';

/**
 * Global, because every module that changes something records it. Needs DatabaseModule with `AUDIT_ENTITIES` among its
 * entities, and `FieldCipher` and `BlindIndex` from a global module.
 */
@Global()
@Module({
  controllers: [AuditEventsController],
  providers: [
    AuditLog,
    AuditAddresses,
    AuditEventsService,
    AuditExport,
    { provide: AccessTrail, useClass: RecordedDenials },
  ],
  exports: [AuditLog, AccessTrail],
})
export class AuditModule {}
