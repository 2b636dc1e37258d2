import type { SessionClosedReason } from '@app/chat-protocol';
import { type EmbedChange, EmbedReader, type VisitorClaims, VisitorTokens } from '@app/embeds';
import { AppError, Clock } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { ChatNamespace, VisitorSocket } from './visitor-socket';

/**
 * One timer for all sockets: a timer each would cost memory for every idle visitor. What is asked may have been read up to
 * a second ago, so a change that nobody told this node of is noticed within one and a half; two are promised.
 */
const RECHECK_INTERVAL_MS = 500;

/** Keeps sockets only as long as their token and embed are good. */
@Injectable()
export class SocketSessions implements OnModuleDestroy {
  private readonly logger = new Logger(SocketSessions.name);
  private namespace: ChatNamespace | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isRechecking = false;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly tokens: VisitorTokens,
    private readonly embeds: EmbedReader,
    private readonly clock: Clock,
  ) {}

  watch(namespace: ChatNamespace): void {
    this.namespace = namespace;
    // A change is told at once; the timer finds what ended by itself, and what nobody was told.
    this.timer = setInterval(() => void this.recheckAll(), RECHECK_INTERVAL_MS);
    this.timer.unref();
    this.stopListening = this.embeds.onChange((change) => void this.recheck(this.affectedBy(change)));
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopListening?.();
    for (const socket of this.local()) socket.emit('session-closed', { reason: 'server-stopping' });
  }

  /**
   * Before anything else is done for an event. Who floods is disconnected.
   * @throws AppError `limit.messages` with `retryAfterSeconds`
   */
  countEvent(socket: VisitorSocket): void {
    socket.data.eventWindow.countEvent(this.clock.now(), () => this.close(socket, 'too-many-events'));
  }

  /**
   * For every event: is the token still good? A socket whose token is not is closed.
   * @throws AppError `visitor.token-invalid`
   */
  async assertLive(socket: VisitorSocket): Promise<VisitorClaims> {
    const { claims } = socket.data;
    const reason = await this.findFault(claims);
    if (reason === null) return claims;
    this.close(socket, reason);
    throw new AppError('visitor.token-invalid');
  }

  /**
   * Takes a fresh token of the same visitor, embed and origin.
   * @throws AppError `visitor.token-invalid`; the socket stays on its old token
   */
  async renew(socket: VisitorSocket, token: string): Promise<Date> {
    const old = socket.data.claims;
    const claims = this.tokens.verify(token, old.origin);
    const isSame =
      claims.visitorId === old.visitorId && claims.embedId === old.embedId && claims.workspaceId === old.workspaceId;
    if (!isSame || (await this.findFault(claims)) !== null) throw new AppError('visitor.token-invalid');
    socket.data.claims = claims;
    return claims.expiresAt;
  }

  /** Tells why, then disconnects. */
  close(socket: VisitorSocket, reason: SessionClosedReason): void {
    socket.emit('session-closed', { reason });
    socket.disconnect(true);
  }

  private async findFault(claims: VisitorClaims): Promise<SessionClosedReason | null> {
    if (claims.expiresAt <= this.clock.now()) return 'token-expired';
    return (await this.embeds.isLive(claims)) ? null : 'embed-changed';
  }

  /** A round that takes longer than a second leaves the next one out. */
  private async recheckAll(): Promise<void> {
    if (this.isRechecking) return;
    this.isRechecking = true;
    await this.recheck(this.local());
    this.isRechecking = false;
  }

  private affectedBy({ workspaceId, embedId }: EmbedChange): VisitorSocket[] {
    return this.local().filter(
      ({ data: { claims } }) => claims.workspaceId === workspaceId && (embedId === null || claims.embedId === embedId),
    );
  }

  /** Closes those that are no longer good. At most one question a workspace, whatever the number of sockets. */
  private async recheck(sockets: readonly VisitorSocket[]): Promise<void> {
    const now = this.clock.now();
    for (const socket of sockets) if (socket.data.claims.expiresAt <= now) this.close(socket, 'token-expired');
    const open = sockets.filter(({ connected }) => connected);
    try {
      const areLive = await this.embeds.areLive(open.map(({ data }) => data.claims));
      for (const [index, socket] of open.entries()) if (!areLive[index]) this.close(socket, 'embed-changed');
    } catch (error) {
      // The next event's check tells, and the next round.
      this.logger.warn({ err: error }, 'the embeds of open sockets could not be read');
    }
  }

  private local(): VisitorSocket[] {
    return this.namespace ? [...this.namespace.sockets.values()] : [];
  }
}
