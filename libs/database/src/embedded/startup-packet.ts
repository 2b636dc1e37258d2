import { PROTOCOL_MAJOR, readCString } from './wire-messages';

/** What a client says first (protocol 3.0, StartupMessage). */
export interface StartupPacket {
  user: string;
  /** From `options=-c search_path=…`; the default when it names none. */
  searchPath: string;
}

const DEFAULT_SEARCH_PATH = 'public';
/** Plain or quoted names and commas: it becomes part of a statement. */
const SAFE_SEARCH_PATH = /^[A-Za-z0-9_"$, ]+$/;
const SEARCH_PATH_OPTION = /(?:^|\s)(?:-c\s*|--)search_path=(\S+)/;

/** @throws Error for another protocol version, encoding or an unsafe search_path */
export function readStartupPacket(packet: Buffer): StartupPacket {
  if (packet.readInt16BE(0) !== PROTOCOL_MAJOR) throw new Error('The bridge speaks protocol 3 only');
  const parameters = new Map<string, string>();
  for (let offset = 4; offset < packet.length - 1;) {
    const name = readCString(packet, offset);
    const value = readCString(packet, name.next);
    parameters.set(name.text, value.text);
    offset = value.next;
  }
  const encoding = parameters.get('client_encoding') ?? 'UTF8';
  if (!/^'?utf-?8'?$/i.test(encoding)) throw new Error('The bridge speaks UTF-8 only');
  const searchPath = SEARCH_PATH_OPTION.exec(parameters.get('options') ?? '')?.[1] ?? DEFAULT_SEARCH_PATH;
  if (!SAFE_SEARCH_PATH.test(searchPath)) throw new Error('The search_path of the connection is not usable');
  return { user: parameters.get('user') ?? '', searchPath };
}
