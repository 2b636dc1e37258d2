import { Invitation } from './invitations/invitation';
import { WorkspaceMember } from './members/workspace-member';
import { PendingRegistration } from './registration/pending-registration';
import { Workspace } from './workspace';

export { type Registered, type Registration, RegistrationService } from './registration/registration.service';
export { WorkspaceSuspensionsModule } from './suspensions.module';
export { WorkspaceSuspensions } from './suspensions.service';
export { WorkspacesModule } from './workspaces.module';

/** For `DatabaseModule.forRoot({ entities })`. */
export const WORKSPACE_ENTITIES = [Workspace, PendingRegistration, WorkspaceMember, Invitation];
