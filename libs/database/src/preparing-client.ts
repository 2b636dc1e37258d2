import { Client, type ClientConfig } from 'pg';
import { errorCode } from './error-code';

/** Distinct statements prepared on one connection; a service has a few dozen, generated lists may have more. */
const MAX_STATEMENTS = 200;
/** feature_not_supported ("cached plan must not change result type") and invalid_sql_statement_name. */
const STALE_PLAN_CODES = new Set(['0A000', '26000']);

type Send = (config: unknown, ...rest: unknown[]) => unknown;

/**
 * A client that has the server plan each parametrised statement once a connection instead of once a call: planning under
 * row-level security costs more than a short query itself (97 µs instead of 138 µs for a transaction with one look-up).
 * Behind PgBouncer in transaction mode this needs version 1.21 or later.
 */
export class PreparingClient extends Client {
  private readonly names = new Map<string, string>();
  private issued = 0;

  constructor(config?: string | ClientConfig) {
    super(config);
    const send = super.query.bind(this) as Send; // its overloads cannot be forwarded as one signature
    const query: Send = (first, ...rest) => {
      const [values, ...others] = rest;
      if (typeof first !== 'string' || !Array.isArray(values) || others.length > 0) return send(first, ...rest);
      return this.forgetWhenStale(first, send({ name: this.nameOf(first), text: first, values }));
    };
    this.query = query as Client['query'];
  }

  /** Undefined once there are enough: such a statement is planned at each call. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MAX_STATEMENTS) return known;
    this.issued += 1;
    const name = `s${this.issued}`;
    this.names.set(text, name);
    return name;
  }

  /** After a migration a plan may no longer fit: the next call prepares anew, under another name. */
  private forgetWhenStale(text: string, result: unknown): unknown {
    if (result instanceof Promise) {
      result.catch((error: unknown) => {
        if (STALE_PLAN_CODES.has(errorCode(error) ?? '')) this.names.delete(text);
      });
    }
    return result;
  }
}
