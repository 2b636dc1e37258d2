import { RequestAuthenticator, WorkspaceAccess } from '@app/http';
import { newId, type UserContext } from '@app/kernel';

/** Every request comes from the same signed-in user. */
class OneUser extends RequestAuthenticator {
  private readonly user: UserContext = { userId: newId(), sessionId: newId() };

  async authenticate(): Promise<UserContext> {
    return this.user;
  }

  override async isConfirmed(): Promise<boolean> {
    return true;
  }
}

class OwnsEverything extends WorkspaceAccess {
  async roleOf(): Promise<'owner'> {
    return 'owner';
  }
}

/** Providers for tests whose subject is not who may do what: everybody owns every workspace. */
export const ownerEverywhere = () => [
  { provide: RequestAuthenticator, useValue: new OneUser() },
  { provide: WorkspaceAccess, useValue: new OwnsEverything() },
];
