/**
 * Messages of the PostgreSQL frontend/backend protocol 3.0
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html), as far as the bridge speaks it itself.
 */

/** Transaction status of ReadyForQuery: idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface WireError {
  severity: 'ERROR' | 'FATAL';
  /** SQLSTATE. */
  code: string;
  message: string;
}

export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;
export const PROTOCOL_MAJOR = 3;

const cstring = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf8');

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** One message: type byte, length, body. */
export function message(type: string, ...body: Buffer[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(length), ...body]);
}

export const simpleQuery = (sql: string): Buffer => message('Q', cstring(sql));
export const closeStatement = (name: string): Buffer => message('C', Buffer.from('S'), cstring(name));
export const sync = (): Buffer => message('S');

export const authenticationOk = (): Buffer => message('R', int32(0));
export const authenticationCleartextPassword = (): Buffer => message('R', int32(3));
export const parameterStatus = (name: string, value: string): Buffer => message('S', cstring(name), cstring(value));
export const backendKeyData = (processId: number): Buffer => message('K', int32(processId), int32(0));
export const readyForQuery = (status: TransactionStatus): Buffer => message('Z', Buffer.from(status));

export const errorResponse = ({ severity, code, message: text }: WireError): Buffer =>
  message(
    'E',
    cstring(`S${severity}`),
    cstring(`V${severity}`),
    cstring(`C${code}`),
    cstring(`M${text}`),
    Buffer.from([0]),
  );

/** The zero-terminated string at `offset`, and where the next field starts. */
export function readCString(bytes: Buffer, offset: number): { text: string; next: number } {
  const end = bytes.indexOf(0, offset);
  if (end < 0) throw new Error('A string of the wire protocol has no end');
  return { text: bytes.toString('utf8', offset, end), next: end + 1 };
}
