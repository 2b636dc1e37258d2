import { Injectable } from '@nestjs/common';

import { type AccessToken, AccessTokens, type TokenSubject } from './access-tokens';
import { type RefreshToken, RefreshTokens } from './refresh-tokens';

/** What a client is given to act as a user. */
export interface SessionTokens extends AccessToken {
  readonly refreshToken: string;
}

/** The two tokens of a session, made together. */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  first(sessionId: string): RefreshToken {
    return this.refreshTokens.first(sessionId);
  }

  read(text: string): RefreshToken | null {
    return this.refreshTokens.read(text);
  }

  successorOf(token: RefreshToken): RefreshToken {
    return this.refreshTokens.successorOf(token);
  }

  /** A new access token beside a refresh token whose hash is stored. */
  async issue(subject: TokenSubject, refresh: RefreshToken): Promise<SessionTokens> {
    return { ...(await this.accessTokens.issue(subject)), refreshToken: refresh.text };
  }
}
