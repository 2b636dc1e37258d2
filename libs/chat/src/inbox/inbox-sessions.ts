import type { InboxClosedReason } from '@app/chat-protocol';
import { ConnectionAuthenticator, WorkspaceAccess } from '@app/http';
import { AppError, Clock } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AgentSocket, InboxNamespace } from './agent-socket';
import { InboxAccess } from './inbox-access';

/** How soon an ended session or a lost role is noticed when no node says so: the guides ask for two seconds. */
const RECHECK_INTERVAL_MS = 1_500;
const CHECKS_AT_ONCE = 4;

/** Keeps sockets of signed-in people only as long as their token, session and role are good. */
@Injectable()
export class InboxSessions implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(InboxSessions.name);
  private namespace: InboxNamespace | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isRechecking = false;
  private subscriptions: (() => Promise<void>)[] = [];

  constructor(
    private readonly authenticator: ConnectionAuthenticator,
    private readonly workspaces: WorkspaceAccess,
    private readonly access: InboxAccess,
    private readonly clock: Clock,
  ) {}

  /** Here and not when the namespace comes: Nest waits for this, so a start that fails is told as one. */
  async onModuleInit(): Promise<void> {
    this.subscriptions = await Promise.all([
      this.authenticator.onSessionsEnded(({ sessionIds }) => {
        for (const socket of this.local()) {
          if (sessionIds.includes(socket.data.user.sessionId)) this.close(socket, 'session-ended');
        }
      }),
      this.workspaces.onChange(({ workspaceId, userId }) => {
        const isMeant = ({ data: { user, ctx } }: AgentSocket): boolean =>
          ctx.workspaceId === workspaceId && (userId === null || user.userId === userId);
        for (const socket of this.local().filter(isMeant)) void this.recheck(socket);
      }),
    ]);
  }

  watch(namespace: InboxNamespace): void {
    this.namespace = namespace;
    this.timer = setInterval(() => void this.recheckAll(), RECHECK_INTERVAL_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    for (const socket of this.local()) socket.emit('session-closed', { reason: 'server-stopping' });
    await Promise.all(this.subscriptions.map((end) => end()));
  }

  /**
   * Before anything else is done for an event. Who floods is disconnected.
   * @throws AppError `limit.messages` with `retryAfterSeconds`
   */
  countEvent(socket: AgentSocket): void {
    socket.data.eventWindow.countEvent(this.clock.now(), () => this.close(socket, 'too-many-events'));
  }

  /**
   * For every event: is everything still good? A socket for which it is not is closed.
   * @throws AppError `auth.token-invalid`
   */
  async assertLive(socket: AgentSocket): Promise<void> {
    const reason = await this.findFault(socket);
    if (reason === null) return;
    this.close(socket, reason);
    throw new AppError('auth.token-invalid');
  }

  /**
   * Takes a fresh access token of the same user and session.
   * @throws AppError `auth.token-invalid`, `auth.token-expired`; the socket stays on its old token
   */
  async renew(socket: AgentSocket, token: string): Promise<Date> {
    const { user, expiresAt } = await this.authenticator.authenticate(token);
    const { userId, sessionId } = socket.data.user;
    if (user.userId !== userId || user.sessionId !== sessionId) throw new AppError('auth.token-invalid');
    socket.data.expiresAt = expiresAt;
    return expiresAt;
  }

  /** Tells why, then disconnects. */
  close(socket: AgentSocket, reason: InboxClosedReason): void {
    socket.emit('session-closed', { reason });
    socket.disconnect(true);
  }

  private async findFault({ data: { user, ctx, expiresAt } }: AgentSocket): Promise<InboxClosedReason | null> {
    if (expiresAt <= this.clock.now()) return 'token-expired';
    if (!(await this.authenticator.isAlive(user))) return 'session-ended';
    return (await this.access.findFault(user, ctx)) === null ? null : 'access-lost';
  }

  /** A few at once, so that many sockets are no burst for the database; a round that takes long skips the next. */
  private async recheckAll(): Promise<void> {
    if (this.isRechecking) return;
    this.isRechecking = true;
    const waiting = this.local();
    const work = async (): Promise<void> => {
      for (let socket = waiting.pop(); socket; socket = waiting.pop()) await this.recheck(socket);
    };
    await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, work));
    this.isRechecking = false;
  }

  /** Never rejects. What cannot be asked now is asked again at the next event and the next round. */
  private async recheck(socket: AgentSocket): Promise<void> {
    try {
      const reason = await this.findFault(socket);
      if (reason !== null) this.close(socket, reason);
    } catch (error) {
      this.logger.warn({ err: error }, 'a session of the inbox could not be read');
    }
  }

  private local(): AgentSocket[] {
    return this.namespace ? [...this.namespace.sockets.values()] : [];
  }
}
