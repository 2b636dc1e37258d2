import { EmbedReader, VisitorTokens } from '@app/embeds';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ArrivingSockets } from '../sockets/arriving-sockets';
import { ConnectionSlots } from '../sockets/connection-slots';
import { EventWindow } from '../sockets/event-window';
import type { VisitorSocket } from './visitor-socket';

/** Decides once, when a visitor's socket connects; every event is checked again by `SocketSessions`. */
@Injectable()
export class Handshake {
  constructor(
    private readonly tokens: VisitorTokens,
    private readonly embeds: EmbedReader,
    private readonly slots: ConnectionSlots,
    private readonly arriving: ArrivingSockets,
  ) {}

  /**
   * Reads the token from the handshake's auth payload (never the query), compares its origin with the request's, asks
   * whether the embed still stands for it, and takes a slot.
   * @throws AppError `visitor.token-invalid`, `limit.connections`
   */
  async admit(socket: VisitorSocket): Promise<void> {
    const ip = await this.arriving.addressOf(socket);
    const { auth, headers } = socket.handshake;
    const claims = this.tokens.verify(auth['token'], headers.origin);
    if (!(await this.embeds.isLive(claims))) throw new AppError('visitor.token-invalid');
    await this.slots.take(socket, { holder: `visitor:${claims.visitorId}`, ip });
    socket.data = { claims, ip, eventWindow: new EventWindow() };
  }
}
