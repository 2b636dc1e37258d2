/** Turns a name into addresses. What it answers is judged by the caller, and nobody asks twice. */
export abstract class HostResolver {
  /**
   * All addresses of a name, IPv4 and IPv6, as numbers; empty when there are none. Rejects when it could not tell, or with
   * the signal's reason.
   */
  abstract resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
}
