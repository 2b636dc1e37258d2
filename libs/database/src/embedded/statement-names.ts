import { closeStatement, message, readCString } from './wire-messages';
import type { FrontendMessage } from './message-reader';

/**
 * Gives every prepared statement of one client a name of its own in the session that all clients share, so that two
 * clients may use the same name. The unnamed statement stays unnamed.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();
  /** Under the name the session knows: the Parse message that made it. */
  private readonly parsed = new Map<string, Buffer>();
  private issued = 0;

  constructor(private readonly clientId: number) {}

  /** Messages that drop this client's statements. */
  closeAll(): Buffer[] {
    return [...this.names.values()].map(closeStatement);
  }

  get isEmpty(): boolean {
    return this.names.size === 0;
  }

  /** Parse messages that make this client's statements anew, after the engine has lost them. */
  parseAll(): Buffer[] {
    return [...this.parsed.values()];
  }

  /** The message with the statement's name replaced: Parse, Bind, Describe and Close carry one. */
  rewrite({ type, bytes }: FrontendMessage): Buffer {
    if (type === 'P') return this.replace(type, bytes, 5);
    if (type === 'B') return this.replace(type, bytes, readCString(bytes, 5).next);
    const isStatement = bytes.toString('latin1', 5, 6) === 'S';
    return (type === 'D' || type === 'C') && isStatement ? this.replace(type, bytes, 6) : bytes;
  }

  /** The statement name a message refers to; null when it refers to none. */
  static nameIn({ type, bytes }: FrontendMessage): string | null {
    if (type === 'P') return readCString(bytes, 5).text;
    if (type === 'B') return readCString(bytes, readCString(bytes, 5).next).text;
    const isStatement = bytes.toString('latin1', 5, 6) === 'S';
    return (type === 'D' || type === 'C') && isStatement ? readCString(bytes, 6).text : null;
  }

  private replace(type: string, bytes: Buffer, offset: number): Buffer {
    const { text, next } = readCString(bytes, offset);
    if (text === '') return bytes;
    const name = this.nameFor(text);
    const rewritten = message(type, bytes.subarray(5, offset), Buffer.from(`${name}\0`), bytes.subarray(next));
    if (type === 'P') this.parsed.set(name, rewritten);
    if (type === 'C') {
      this.parsed.delete(name);
      this.names.delete(text);
    }
    return rewritten;
  }

  /** Counted, not prefixed: the server cuts names at 63 bytes, and two long names must not become one. */
  private nameFor(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.issued += 1;
    const fresh = `client_${this.clientId}_${this.issued}`;
    this.names.set(name, fresh);
    return fresh;
  }
}
