import { EmbedReader, type VisitorClaims, VisitorTokens } from '@app/embeds';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { ClientAddress, limitKeyOf } from './client-address';
import { SocketSlots } from './socket-slots';
import type { VisitorSocket } from './visitor-socket';

/** Decides once, when a visitor's socket connects; every event is checked again by `SocketSessions`. */
@Injectable()
export class Handshake {
  private readonly addresses: ClientAddress;
  private readonly byVisitor: SocketSlots;
  private readonly byIp: SocketSlots;

  constructor(
    private readonly tokens: VisitorTokens,
    private readonly embeds: EmbedReader,
    options: ChatOptions,
  ) {
    this.addresses = new ClientAddress(options.trustProxy);
    this.byVisitor = new SocketSlots(options.socketsPerVisitor);
    this.byIp = new SocketSlots(options.socketsPerIp);
  }

  /**
   * Reads the token from the handshake's auth payload (never the query), compares its origin with the request's, asks
   * whether the embed still stands for it, and takes a slot.
   * @throws AppError `visitor.token-invalid`, `limit.connections`
   */
  async admit(socket: VisitorSocket): Promise<void> {
    const { auth, headers } = socket.handshake;
    const claims = this.tokens.verify(auth['token'], headers.origin);
    if (!(await this.embeds.isLive(claims))) throw new AppError('visitor.token-invalid');
    const ip = this.addresses.of(socket.conn.remoteAddress, headers);
    this.takeSlots(socket, claims, ip);
    socket.data = { claims, ip, eventWindow: { startedAt: 0, count: 0 } };
  }

  private takeSlots(socket: VisitorSocket, claims: VisitorClaims, ip: string): void {
    // The connection may have gone while the embed was read; its close event has been and will not come again.
    if (socket.conn.readyState !== 'open') throw new AppError('visitor.token-invalid');
    const releaseVisitor = this.byVisitor.acquire(claims.visitorId);
    const releaseIp = releaseVisitor && this.byIp.acquire(limitKeyOf(ip));
    if (!releaseIp) {
      releaseVisitor?.();
      throw new AppError('limit.connections');
    }
    const release = (): void => {
      releaseVisitor();
      releaseIp();
    };
    // Whichever comes: a socket that never finished connecting has no disconnect event.
    socket.conn.once('close', release);
    socket.once('disconnect', release);
  }
}
