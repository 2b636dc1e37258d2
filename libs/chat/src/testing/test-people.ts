import type { PubSub } from '@app/cache';
import {
  type ConnectedUser,
  ConnectionAuthenticator,
  type EndedSessions,
  RequestAuthenticator,
  type Role,
  type Standing,
  type StandingChange,
  WorkspaceAccess,
} from '@app/http';
import { AppError, newId, type UserContext } from '@app/kernel';

const ENDED = 'test.sessions-ended';
const CHANGED = 'test.standing-changed';

/** Somebody with a role in one workspace, signed in with a token. */
export interface TestPerson extends ConnectedUser {
  readonly token: string;
  readonly workspaceId: string;
}

/** Who may do what in tests of the chat, changed by hand. On REST everybody is somebody who owns everything. */
export class TestPeople extends RequestAuthenticator {
  private readonly people = new Map<string, ConnectedUser>();
  private readonly ended = new Set<string>();
  private readonly standings = new Map<string, Standing>();
  private readonly somebody: UserContext = { userId: newId(), sessionId: newId() };

  constructor(private readonly pubSub: PubSub) {
    super();
  }

  async authenticate(): Promise<UserContext> {
    return this.somebody;
  }

  add(workspaceId: string, role: Role = 'agent', expiresAt = new Date(Date.now() + 900_000)): TestPerson {
    const user = { userId: newId(), sessionId: newId() };
    this.standings.set(`${workspaceId}:${user.userId}`, role);
    return { ...this.signIn(user, expiresAt), workspaceId };
  }

  /** Another token for somebody. */
  signIn(user: UserContext, expiresAt = new Date(Date.now() + 900_000)): ConnectedUser & { token: string } {
    const token = newId();
    this.people.set(token, { user, expiresAt });
    return { token, user, expiresAt };
  }

  /** @param isTold whether other nodes hear of it */
  async endSession({ user: { userId, sessionId } }: TestPerson, isTold = true): Promise<void> {
    this.ended.add(sessionId);
    const message: EndedSessions = { userId, sessionIds: [sessionId] };
    if (isTold) await this.pubSub.publish(ENDED, JSON.stringify(message));
  }

  /** @param standing null takes them out */
  async change({ user: { userId }, workspaceId }: TestPerson, standing: Standing | null, isTold = true): Promise<void> {
    if (standing === null) this.standings.delete(`${workspaceId}:${userId}`);
    else this.standings.set(`${workspaceId}:${userId}`, standing);
    const message: StandingChange = { workspaceId, userId };
    if (isTold) await this.pubSub.publish(CHANGED, JSON.stringify(message));
  }

  readonly connections: ConnectionAuthenticator = {
    authenticate: async (token) => {
      const person = typeof token === 'string' ? this.people.get(token) : undefined;
      if (!person || this.ended.has(person.user.sessionId)) throw new AppError('auth.token-invalid');
      if (person.expiresAt <= new Date()) throw new AppError('auth.token-expired');
      return person;
    },
    isAlive: async ({ sessionId }) => !this.ended.has(sessionId),
    onSessionsEnded: (listener) =>
      this.pubSub.subscribe(ENDED, (message) => listener(JSON.parse(message) as EndedSessions)),
  };

  readonly access: WorkspaceAccess = {
    roleOf: async (userId, workspaceId) =>
      userId === this.somebody.userId ? 'owner' : (this.standings.get(`${workspaceId}:${userId}`) ?? null),
    onChange: (listener) =>
      this.pubSub.subscribe(CHANGED, (message) => listener(JSON.parse(message) as StandingChange)),
  };
}
