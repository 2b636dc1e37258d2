/** What the chat module is told at its start. */
export abstract class ChatOptions {
  /** Per visitor, and per signed-in user. Over all nodes. */
  abstract readonly socketsPerVisitor: number;
  /** Per address, visitors and users together. Over all nodes. */
  abstract readonly socketsPerIp: number;
  /** 32 bytes or more; keys are derived from it. */
  abstract readonly secretKey: Buffer;
  /** The origins whose pages may open the inbox of signed-in users. */
  abstract readonly inboxOrigins: readonly string[];
  /** Hop count or CIDR list of trusted proxies; 0 trusts none. */
  abstract readonly trustProxy: number | readonly string[];
  /** How long searching and writing one answer may take. */
  abstract readonly answerTimeoutSeconds: number;
  /** How long an answer counts as alive after the last sign of its process. 15 when left out. */
  readonly leaseSeconds?: number;
}
