import { EmbedReader, VisitorTokens } from '@app/embeds';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { ClientAddress } from '../sockets/client-address';
import { ConnectionSlots } from '../sockets/connection-slots';
import { EventWindow } from '../sockets/event-window';
import type { VisitorSocket } from './visitor-socket';

/** Decides once, when a visitor's socket connects; every event is checked again by `SocketSessions`. */
@Injectable()
export class Handshake {
  private readonly addresses: ClientAddress;

  constructor(
    private readonly tokens: VisitorTokens,
    private readonly embeds: EmbedReader,
    private readonly slots: ConnectionSlots,
    options: ChatOptions,
  ) {
    this.addresses = new ClientAddress(options.trustProxy);
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
    await this.slots.take(socket, { holder: `visitor:${claims.visitorId}`, ip });
    socket.data = { claims, ip, eventWindow: new EventWindow() };
  }
}
