import { MemoryKeyValueStore } from '@app/cache';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { ChatOptions } from '../chat-options';
import { ClientAddress, limitKeyOf } from './client-address';

/** An address that opens all the sockets it may have twice a second, for a minute, is not reconnecting. */
const HANDSHAKES_PER_SOCKET = 120;
const WINDOW_SECONDS = 60;

/** The part of a Socket.IO socket that is looked at here. */
interface Arriving {
  readonly conn: { readonly remoteAddress: string };
  readonly handshake: { readonly headers: IncomingHttpHeaders };
}

/**
 * Where a socket comes from, and whether it knocks too often: counted before anything is asked of the database, by this
 * node alone, because what is bounded is this node's work.
 */
@Injectable()
export class ArrivingSockets {
  private readonly addresses: ClientAddress;
  private readonly knocks: MemoryKeyValueStore;

  constructor(
    private readonly options: ChatOptions,
    clock: Clock,
  ) {
    this.addresses = new ClientAddress(options.trustProxy);
    this.knocks = new MemoryKeyValueStore(clock);
  }

  /**
   * The client's address, by the trusted hops.
   * @throws AppError `limit.connections` with `retryAfterSeconds`
   */
  async addressOf({ conn, handshake }: Arriving): Promise<string> {
    const ip = this.addresses.of(conn.remoteAddress, handshake.headers);
    const { count, resetsInSeconds } = await this.knocks.increment(limitKeyOf(ip), WINDOW_SECONDS);
    if (count > this.options.socketsPerIp * HANDSHAKES_PER_SOCKET) {
      throw new AppError('limit.connections', { retryAfterSeconds: resetsInSeconds });
    }
    return ip;
  }
}
