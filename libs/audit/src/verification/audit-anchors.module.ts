import type { AuditConfig } from '@app/config';
import { SystemDb } from '@app/database';
import { Clock } from '@app/kernel';
import { type DynamicModule, Module } from '@nestjs/common';
import { AnchorFile } from './anchor-file';
import { AuditAnchoring } from './audit-anchoring';
import { AnchorSigner } from './audit-anchors';

/** Notes where the chains of the audit trail end, in a file of this process. Needs a global `SystemDb` and `Clock`. */
@Module({})
export class AuditAnchorsModule {
  static forRoot({ anchorFile, anchorIntervalSeconds }: AuditConfig, secretKey: Buffer): DynamicModule {
    const file = new AnchorFile(anchorFile, new AnchorSigner(secretKey));
    return {
      module: AuditAnchorsModule,
      providers: [
        {
          provide: AuditAnchoring,
          inject: [SystemDb, Clock],
          useFactory: (db: SystemDb, clock: Clock) => new AuditAnchoring(db, clock, file, anchorIntervalSeconds),
        },
      ],
    };
  }
}
