/** What the chat module is told at its start. */
export abstract class ChatOptions {
  /** Per visitor. */
  abstract readonly messagesPerMinute: number;
  /** Per visitor. */
  abstract readonly messagesPerHour: number;
  abstract readonly socketsPerVisitor: number;
  abstract readonly socketsPerIp: number;
  /** Hop count or CIDR list of trusted proxies; 0 trusts none. */
  abstract readonly trustProxy: number | readonly string[];
  /** How long searching and writing one answer may take. */
  abstract readonly answerTimeoutSeconds: number;
  /** How long an answer counts as alive after the last sign of its process. 15 when left out. */
  readonly leaseSeconds?: number;
}
