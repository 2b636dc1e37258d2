import { FieldCipher, type FieldPlace } from '@app/crypto';
import type { UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import type { TokenSubject } from '../tokens/access-tokens';
import type { Session } from './session';

const MAX_USER_AGENT_CHARACTERS = 300;

type Origin = Pick<Session, 'ip' | 'userAgent'>;

/** What a session keeps, sealed, of the client that last used it. */
@Injectable()
export class SessionOrigins {
  constructor(private readonly cipher: FieldCipher) {}

  seal(sessionId: string, { ip, userAgent }: ClientInfo): Origin {
    const shortened = userAgent?.slice(0, MAX_USER_AGENT_CHARACTERS);
    return {
      ip: this.cipher.sealNullable(placeOf('ip', sessionId), ip ?? null),
      userAgent: this.cipher.sealNullable(placeOf('user_agent', sessionId), shortened ?? null),
    };
  }

  open({ id, ip, userAgent }: Session): Origin {
    return {
      ip: this.cipher.openNullable(placeOf('ip', id), ip),
      userAgent: this.cipher.openNullable(placeOf('user_agent', id), userAgent),
    };
  }
}

const placeOf = (column: 'ip' | 'user_agent', rowId: string): FieldPlace => ({
  table: 'sessions',
  column,
  rowId,
  workspaceId: null,
});

/** The user as the audit trail names who did this. */
export const contextOf = (subject: TokenSubject, { requestId, ip }: ClientInfo): UserContext => ({
  ...subject,
  requestId,
  ip,
});
