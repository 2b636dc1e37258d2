import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

type Answer = readonly string[] | 'no such name' | 'failure' | 'silence';

const A = 1;
const AAAA = 28;
const RESPONSE = 0x8180;
const CODES: Readonly<Record<string, number>> = { failure: 2, 'no such name': 3 };

/** A name server on this machine (RFC 1035), answering addresses from a table over UDP. */
export class LocalNameServer {
  readonly names = new Map<string, Answer>();
  /** `a.test 1`, `a.test 28`. */
  readonly asked: string[] = [];
  private readonly socket: Socket = createSocket('udp4');

  async start(): Promise<string> {
    this.socket.on('message', (query, { port, address }) => {
      const reply = this.reply(query);
      if (reply) this.socket.send(reply, port, address);
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private reply(query: Buffer): Buffer | null {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    this.asked.push(`${name} ${type}`);
    const answer = this.names.get(name) ?? 'no such name';
    if (answer === 'silence') return null;
    const addresses = typeof answer === 'string' ? [] : answer.filter((one) => (isIPv4(one) ? A : AAAA) === type);
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(RESPONSE | (typeof answer === 'string' ? (CODES[answer] ?? 0) : 0), 2);
    head.writeUInt16BE(addresses.length, 6);
    head.fill(0, 8);
    return Buffer.concat([head, query.subarray(12, at + 5), ...addresses.map(record)]);
  }
}

/** The name as a pointer to the question, no time to live. */
function record(address: string): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.from([0xc0, 12, 0, data.length === 4 ? A : AAAA, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

/** Of an address written with all eight groups. */
const ipv6Bytes = (address: string): Buffer =>
  Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
