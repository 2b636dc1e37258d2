import { AccessTrail, type DeniedRequest } from '@app/http';
import { Injectable, Logger } from '@nestjs/common';

import { AuditLog } from './audit-log';

/** Refused requests in the trail: of the workspace for its members and keys, of none for strangers to it. */
@Injectable()
export class RecordedDenials extends AccessTrail {
  private readonly logger = new Logger(RecordedDenials.name);

  constructor(private readonly audit: AuditLog) {
    super();
  }

  async denied({ context, ids, ...target }: DeniedRequest): Promise<void> {
    try {
      await this.audit.recordAlone(context, 'access.denied', { ...target, ...ids });
    } catch (error) {
      this.logger.error(error, 'A refused request could not be recorded');
    }
  }
}
