import { WorkspaceAccess } from '@app/http';
import { Global, Module } from '@nestjs/common';

import { MembersController } from './members/members.controller';
import { Members } from './members/members.service';
import { MembershipAccess } from './members/membership-access';
import { RegistrationController } from './registration/registration.controller';
import { RegistrationService } from './registration/registration.service';
import { WorkspacesController } from './workspaces.controller';
import { Workspaces } from './workspaces.service';

/**
 * What you may do here. Global, because the guard of `@app/http` asks it about every request. Needs AuthModule,
 * AuditModule and DatabaseModule (with `WORKSPACE_ENTITIES`).
 */
@Global()
@Module({
  controllers: [RegistrationController, WorkspacesController, MembersController],
  providers: [{ provide: WorkspaceAccess, useClass: MembershipAccess }, Workspaces, Members, RegistrationService],
  exports: [WorkspaceAccess, RegistrationService],
})
export class WorkspacesModule {}
