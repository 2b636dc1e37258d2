import type { UserContext } from '@app/kernel';

/** A signed-in user behind a connection that stays open, and until when the token they came with is good. */
export interface ConnectedUser {
  readonly user: UserContext;
  readonly expiresAt: Date;
}

/** Sessions of one user that ended. */
export interface EndedSessions {
  readonly userId: string;
  readonly sessionIds: readonly string[];
}

/**
 * Tells who holds an access token, for connections that outlive a request. Like `RequestAuthenticator` it is implemented
 * by auth and found globally.
 */
export abstract class ConnectionAuthenticator {
  /** @throws AppError `auth.token-expired`, or `auth.token-invalid` for everything else that is not a good token */
  abstract authenticate(token: unknown): Promise<ConnectedUser>;
  /** Whether the session the user came with is still good. A connection asks again before it does anything for them. */
  abstract isAlive(user: UserContext): Promise<boolean>;
  /** Calls back on every node when sessions end; a message may be lost, so it does not replace `isAlive`. */
  abstract onSessionsEnded(listener: (ended: EndedSessions) => void): Promise<() => Promise<void>>;
}
