/**
 * Engine.IO's packet format (protocol 4) for text alone, in the place of the package `engine.io-parser` (build.mjs): a
 * digit for the type, then the data.
 * @see https://github.com/socketio/engine.io-protocol
 */
const TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'];

export interface EnginePacket {
  type: string;
  data?: string;
}

export const protocol = 4;

/** The original may have to wait for a Blob, hence the callback. */
export function encodePacket(
  { type, data = '' }: EnginePacket,
  _supportsBinary: boolean,
  callback: (text: string) => void,
): void {
  callback(TYPES.indexOf(type) + data);
}

export function decodePacket(text: unknown): EnginePacket {
  const type = typeof text === 'string' ? TYPES[Number(text[0])] : undefined;
  if (!type) return { type: 'error', data: 'parser error' };
  const data = String(text).slice(1);
  return data ? { type, data } : { type };
}
