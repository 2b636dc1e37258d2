import type { UserContext } from '@app/kernel';
import type { ExecutionContext } from '@nestjs/common';

import type { Permission } from './permissions';

/** A workspace's own key: good for that workspace alone, and for what it was made for. */
export interface ApiKeyCaller {
  readonly apiKeyId: string;
  readonly workspaceId: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** Who sends a request. */
export type Caller = UserContext | ApiKeyCaller;

/**
 * Tells who sends a request. This is the seam between http and auth: the global AccessGuard (here) decides whether a
 * route needs somebody and calls this; auth (above) knows tokens and implements it with passport
 * (libs/auth/src/tokens/bearer-authenticator.ts). The module that provides it is global and registers no guard.
 */
export abstract class RequestAuthenticator {
  /**
   * The user behind a verified, unrevoked access token, or the live API key that was sent as one. `requestId` and `ip`
   * are filled in by the guard.
   *
   * @throws AppError `auth.required` without a bearer token, `auth.token-invalid` for one that is not (or no longer) good
   */
  abstract authenticate(context: ExecutionContext): Promise<Caller>;

  /**
   * Whether the user proved within the last ten minutes, in this very session, that it is them (OWASP ASVS 5.0, 7.5.3).
   * Asked for routes with `@StepUp()` alone. Who does not implement it lets nobody pass.
   */
  async isConfirmed(_user: UserContext): Promise<boolean> {
    return false;
  }
}
