/** An answer as it was first given. */
export interface StoredAnswer {
  status: number;
  /** JSON value, or undefined for an answer without a body. */
  body: unknown;
  /** The `Location` header, when there was one. */
  location?: string;
}

export type IdempotencyState =
  | { readonly kind: 'started' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer };

/** Remembers which requests were made, so that a repeated one is not carried out twice. */
export abstract class IdempotencyRecords {
  /**
   * Claims a key for a request. `started` is given to one caller only, who then calls `complete` or `abandon`; a claim
   * that is never finished (a killed process) ends by itself after two minutes.
   *
   * @param key already scoped to user, workspace and route
   * @param fingerprint of the request; another one under the same key is `key-reused`
   */
  abstract start(key: string, fingerprint: string): Promise<IdempotencyState>;
  /** Keeps the answer for 24 hours. */
  abstract complete(key: string, fingerprint: string, answer: StoredAnswer): Promise<void>;
  /** Gives the key back: the request failed, and trying again must be possible. */
  abstract abandon(key: string): Promise<void>;
}
