/** Where a request came from. Kept with the session, so that its owner recognises it; nothing is decided by it. */
export interface ClientInfo {
  readonly requestId?: string;
  /** Client address as the trusted hops report it. */
  readonly ip?: string;
  readonly userAgent?: string;
}
