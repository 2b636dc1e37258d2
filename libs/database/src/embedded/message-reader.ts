/** A whole message as it came: type byte, length, body. */
export interface FrontendMessage {
  type: string;
  /** All bytes, type and length included. */
  bytes: Buffer;
}

/** Longer messages end the connection: nothing the product stores in a row comes near it. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Cuts the byte stream of one client into the startup packet and the messages after it. */
export class MessageReader {
  private pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
  }

  /** The next startup packet (it has no type byte) without its length, or null until it is complete. */
  nextStartup(): Buffer | null {
    const bytes = this.take(0);
    return bytes && bytes.subarray(4);
  }

  /** The next message, or null until it is complete. */
  next(): FrontendMessage | null {
    const bytes = this.take(1);
    return bytes && { type: bytes.toString('latin1', 0, 1), bytes };
  }

  /** @throws Error for a length no client of ours would send */
  private take(lengthOffset: number): Buffer | null {
    if (this.pending.length < lengthOffset + 4) return null;
    const length = this.pending.readInt32BE(lengthOffset);
    if (length < 4 || length > MAX_MESSAGE_BYTES)
      throw new Error('A message of the wire protocol has an invalid length');
    const end = lengthOffset + length;
    if (this.pending.length < end) return null;
    const bytes = this.pending.subarray(0, end);
    this.pending = this.pending.subarray(end);
    return bytes;
  }
}
