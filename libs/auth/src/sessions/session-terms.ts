import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';

const after = (start: Date, seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** How long sessions last: so long without a refresh, and so long in any case (OWASP ASVS 5.0, 7.3.1 and 7.3.2). */
@Injectable()
export class SessionTerms {
  constructor(
    private readonly settings: AuthSettings,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  absoluteEnd(start: Date): Date {
    return after(start, this.settings.tokens.refreshAbsoluteTtlSeconds);
  }

  /** Never past the absolute end. */
  idleEnd(lastUse: Date, absoluteEnd: Date): Date {
    const idleEnd = after(lastUse, this.settings.tokens.refreshIdleTtlSeconds);
    return idleEnd < absoluteEnd ? idleEnd : absoluteEnd;
  }
}
