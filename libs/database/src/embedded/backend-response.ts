import type { TransactionStatus } from './wire-messages';

/** What the engine answered to one batch. */
export interface BackendResponse {
  /** Everything for the client that asked, ReadyForQuery included. */
  forClient: Buffer;
  /** NotificationResponse messages: they belong to every client, since all share one session. */
  notifications: Buffer[];
  status: TransactionStatus;
  /** Message of the first error, if any. */
  error: string | null;
}

const ERROR = 0x45;
const NOTIFICATION = 0x41;
const READY = 0x5a;

/** Splits the raw answer to one batch. */
export function readResponse(bytes: Buffer): BackendResponse {
  const notifications: Buffer[] = [];
  const rest: Buffer[] = [];
  let status: TransactionStatus = 'I';
  let error: string | null = null;
  let restStart = 0;
  for (let offset = 0; offset < bytes.length;) {
    const type = bytes[offset];
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    if (type === NOTIFICATION) {
      rest.push(bytes.subarray(restStart, offset));
      notifications.push(bytes.subarray(offset, end));
      restStart = end;
    } else if (type === READY) {
      status = bytes.toString('latin1', offset + 5, offset + 6) as TransactionStatus; // the protocol has only these three
    } else if (type === ERROR) {
      error ??= messageOf(bytes.subarray(offset + 5, end));
    }
    offset = end;
  }
  if (notifications.length === 0) return { forClient: bytes, notifications, status, error };
  rest.push(bytes.subarray(restStart));
  return { forClient: Buffer.concat(rest), notifications, status, error };
}

/** The field `M` of an ErrorResponse body. */
function messageOf(body: Buffer): string {
  const field = body
    .toString('utf8')
    .split('\0')
    .find((text) => text.startsWith('M'));
  return field?.slice(1) ?? 'unknown error';
}
