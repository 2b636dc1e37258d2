import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/**
 * Takes the network away from the code that runs in this process. Second wall: where the system allows it the process
 * has no network interface at all (see ParserProcess). Native code could get around this one; the parsers have none.
 */
export function closeNetwork(): void {
  const refuse = (): never => {
    throw new Error('Parsers have no network');
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.send = refuse;
  dgram.Socket.prototype.bind = refuse;
  Object.assign(dns, { lookup: refuse, resolve: refuse });
  Object.assign(dns.promises, { lookup: refuse, resolve: refuse });
  globalThis.fetch = refuse;
}
