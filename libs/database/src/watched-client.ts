import type { ClientConfig } from 'pg';
import { PreparingClient } from './preparing-client';

/**
 * Three times what the server itself lets a statement take (roles.sql): by then it has answered or cut the statement off,
 * unless it is not there any more.
 */
const ANSWER_TIMEOUT_MS = 15_000;

type Query = (...args: unknown[]) => unknown;

/**
 * A connection over a network, which ends when an answer stays out: a machine that vanishes says nothing, and TCP alone
 * would have a request wait for a quarter of an hour. Who waits gets the error, and the pool drops the connection.
 */
export class WatchedClient extends PreparingClient {
  constructor(config?: string | ClientConfig) {
    super(config);
    const send = this.query.bind(this) as Query; // its overloads cannot be forwarded as one signature
    const query: Query = (...args) => this.watch(send(...args));
    this.query = query as PreparingClient['query'];
  }

  private watch(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    const timer = setTimeout(() => {
      this.connection.stream.destroy(new Error(`The database did not answer in ${ANSWER_TIMEOUT_MS} ms`));
    }, ANSWER_TIMEOUT_MS);
    const stop = (): void => clearTimeout(timer);
    result.then(stop, stop);
    return result;
  }
}
