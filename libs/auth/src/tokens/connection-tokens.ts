import { type ConnectedUser, ConnectionAuthenticator, type EndedSessions } from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { SessionRevocations } from '../sessions/session-revocations.service';
import { Sessions } from '../sessions/sessions.service';
import { BearerTokens } from './bearer-tokens';

/** Access tokens of connections that stay open, such as the sockets of the inbox. */
@Injectable()
export class ConnectionTokens extends ConnectionAuthenticator {
  constructor(
    private readonly tokens: BearerTokens,
    private readonly sessions: Sessions,
    private readonly revocations: SessionRevocations,
  ) {
    super();
  }

  async authenticate(token: unknown): Promise<ConnectedUser> {
    if (typeof token !== 'string') throw new AppError('auth.token-invalid');
    const { userId, sessionId, expiresAt } = await this.tokens.verify({
      headers: { authorization: `Bearer ${token}` },
    });
    return { user: { userId, sessionId }, expiresAt };
  }

  isAlive(user: UserContext): Promise<boolean> {
    return this.sessions.isAlive(user);
  }

  onSessionsEnded(listener: (ended: EndedSessions) => void): Promise<() => Promise<void>> {
    return this.revocations.subscribe(listener);
  }
}
