import { Module } from '@nestjs/common';

import { StandingChanges } from './members/standing-changes';
import { WorkspaceSuspensions } from './suspensions.service';

/** For operators' commands, which need nothing of mail and routes. Needs database, cache and audit. */
@Module({ providers: [WorkspaceSuspensions, StandingChanges], exports: [WorkspaceSuspensions] })
export class WorkspaceSuspensionsModule {}
