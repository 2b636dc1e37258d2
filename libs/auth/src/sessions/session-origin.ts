import type { UserContext } from '@app/kernel';

import type { ClientInfo } from '../client-info';
import type { TokenSubject } from '../tokens/access-tokens';
import type { Session } from './session';

const MAX_USER_AGENT_CHARACTERS = 300;

/** What a session keeps of the client that last used it. */
export const originOf = (client: ClientInfo): Pick<Session, 'ip' | 'userAgent'> => ({
  ip: client.ip ?? null,
  userAgent: client.userAgent?.slice(0, MAX_USER_AGENT_CHARACTERS) ?? null,
});

/** The user as the audit trail names who did this. */
export const contextOf = (subject: TokenSubject, { requestId, ip }: ClientInfo): UserContext => ({
  ...subject,
  requestId,
  ip,
});
