import { Agent, type IncomingMessage, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

export interface RawRequest {
  method: string;
  /** Sent as it is: `fetch` would tidy `..` and encoded slashes away. */
  path: string;
  token?: string;
  body?: unknown;
  /** The body as text, instead of `body`, for JSON that `JSON.stringify` does not write. */
  text?: string;
  headers?: Record<string, string>;
}

export interface RawAnswer {
  status: number;
  text: string;
  headers: IncomingMessage['headers'];
}

/** One request whose path nobody rewrites. Of an endless answer only the first part is read. */
export function send(
  url: string,
  { method, path, token, body, text: written, headers }: RawRequest,
): Promise<RawAnswer> {
  const payload = written ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(url), {
      agent,
      method,
      path,
      headers: {
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      const done = (): void => resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (response.headers['content-type']?.includes('event-stream')) {
          done();
          outgoing.destroy();
        }
      });
      response.on('end', done);
      response.on('error', reject);
    });
    outgoing.end(payload);
  });
}

/** Sends a request and hangs up after `milliseconds`, or when the answer begins. */
export function sendAndHangUp(url: string, { method, path, token }: RawRequest, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request(new URL(url), {
      method,
      path,
      headers: { ...(token && { authorization: `Bearer ${token}` }) },
    });
    const hangUp = (): void => void outgoing.destroy();
    outgoing.on('error', hangUp);
    outgoing.on('response', hangUp);
    outgoing.on('close', () => resolve());
    outgoing.end();
    setTimeout(hangUp, milliseconds);
  });
}
