import type { SlidingWindows } from '@app/cache';
import type { LimitsConfig } from '@app/config';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ThrottlerModuleOptions } from '@nestjs/throttler';

import { CounterStorage } from './counter-storage';
import { type LimitName, LimitsOf } from './limit-decorators';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The named limits: the general one for every route, the others for the routes that ask for them. */
export function throttlerOptions(limits: LimitsConfig, windows: SlidingWindows, key: Buffer): ThrottlerModuleOptions {
  const reflector = new Reflector();
  const onlyWhereAsked =
    (name: LimitName) =>
    (context: ExecutionContext): boolean =>
      !reflector.getAllAndOverride(LimitsOf, [context.getHandler(), context.getClass()])?.includes(name);
  return {
    storage: new CounterStorage(windows, key),
    throttlers: [
      { name: 'default', ttl: MINUTE_MS, limit: limits.requestsPerMinute },
      { name: 'auth', ttl: MINUTE_MS, limit: limits.authRequestsPerMinute, skipIf: onlyWhereAsked('auth') },
      {
        name: 'embedSession',
        ttl: MINUTE_MS,
        limit: limits.embedSessionsPerMinute,
        skipIf: onlyWhereAsked('embedSession'),
      },
      {
        name: 'embedSessionHour',
        ttl: HOUR_MS,
        limit: limits.embedSessionsPerHour,
        skipIf: onlyWhereAsked('embedSession'),
      },
    ],
  };
}
