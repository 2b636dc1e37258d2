/**
 * Socket.IO's packet format (protocol 5) for text alone: the chat protocol is JSON, so the parts for binary attachments
 * stay out of the bundle. It takes the place of the package `socket.io-parser` (build.mjs).
 * @see https://socket.io/docs/v4/custom-parser/ and https://github.com/socketio/socket.io-protocol
 */
/** Names as in the original, which the client uses. */
export const PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4 } as const;

export interface Packet {
  type: number;
  nsp: string;
  id?: number;
  data?: unknown;
}

const PACKET = /^([0-4])(?:(\/[^,]*),)?(\d*)(.*)$/s;

export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    return [`${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

/** The Manager listens to the one event `decoded`. */
export class Decoder {
  private listener: ((packet: Packet) => void) | undefined;

  on(_event: 'decoded', listener: (packet: Packet) => void): void {
    this.listener = listener;
  }

  off(): void {
    this.listener = undefined;
  }

  /** @throws Error for anything that is not a packet; the client then closes the connection */
  add(text: unknown): void {
    const [, type, nsp = '/', id = '', json = ''] = PACKET.exec(String(text)) ?? [];
    if (type === undefined) throw new Error('invalid packet');
    const packet: Packet = { type: Number(type), nsp };
    if (id) packet.id = Number(id);
    if (json) packet.data = JSON.parse(json);
    const isList = Array.isArray(packet.data);
    if ((packet.type === PacketType.EVENT || packet.type === PacketType.ACK) !== isList)
      throw new Error('invalid payload');
    this.listener?.(packet);
  }

  destroy(): void {
    // Text packets come whole: there is nothing half read to let go.
  }
}
