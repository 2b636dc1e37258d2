import { WorkspaceAccess } from '@app/http';
import { Global, Module } from '@nestjs/common';

import { InvitationAddresses } from './invitations/invitation-addresses';
import { InvitationAnswersController } from './invitations/invitation-answers.controller';
import { InvitationAnswers } from './invitations/invitation-answers.service';
import { InvitationMail } from './invitations/invitation-mail';
import { InvitationsController } from './invitations/invitations.controller';
import { Invitations } from './invitations/invitations.service';
import { MembersController } from './members/members.controller';
import { Members } from './members/members.service';
import { MembershipAccess } from './members/membership-access';
import { MembershipController } from './members/membership.controller';
import { StandingChanges } from './members/standing-changes';
import { PendingRegistrations } from './registration/pending-registrations.service';
import { RegistrationController } from './registration/registration.controller';
import { RegistrationService } from './registration/registration.service';
import { RegistrationLinks } from './registration/registration-links';
import { RegistrationMails } from './registration/registration-mails';
import { WorkspacesController } from './workspaces.controller';
import { Workspaces } from './workspaces.service';

/**
 * What you may do here. Global, because the guard of `@app/http` asks it about every request. Needs AuthModule,
 * AuditModule, CacheModule, MailModule and DatabaseModule (with `WORKSPACE_ENTITIES`).
 */
@Global()
@Module({
  controllers: [
    RegistrationController,
    WorkspacesController,
    MembersController,
    MembershipController,
    InvitationsController,
    InvitationAnswersController,
  ],
  providers: [
    { provide: WorkspaceAccess, useClass: MembershipAccess },
    Workspaces,
    Members,
    StandingChanges,
    Invitations,
    InvitationAddresses,
    InvitationAnswers,
    InvitationMail,
    RegistrationService,
    RegistrationMails,
    RegistrationLinks,
    PendingRegistrations,
  ],
  exports: [WorkspaceAccess, RegistrationService],
})
export class WorkspacesModule {}
