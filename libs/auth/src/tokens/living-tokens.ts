import { AppError } from '@app/kernel';
import { Inject, Injectable } from '@nestjs/common';

import { Sessions } from '../sessions/sessions.service';
import { AccessTokens, type TokenSubject } from './access-tokens';

/** Access tokens that are good and whose session lives. For requests, and for whoever keeps a connection open. */
@Injectable()
export class LivingTokens {
  constructor(
    private readonly tokens: AccessTokens,
    @Inject(Sessions) private readonly sessions: Pick<Sessions, 'isAlive'>,
  ) {}

  /** @throws AppError `auth.token-expired`, or `auth.token-invalid` for all else, a session that ended included */
  async subjectOf(token: string): Promise<TokenSubject> {
    const subject = await this.tokens.verify(token);
    if (!(await this.sessions.isAlive(subject))) throw new AppError('auth.token-invalid');
    return subject;
  }
}
