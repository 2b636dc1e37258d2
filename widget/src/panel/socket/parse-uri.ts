/** The parts of an address Engine.IO asks for; its own parser (build.mjs leaves it out) is older than `URL`. */
export function parse(address: string): { protocol: string; host: string; port: string } {
  const { protocol, hostname, port } = new URL(address);
  return { protocol: protocol.slice(0, -1), host: hostname.replace(/^\[|\]$/g, ''), port };
}
