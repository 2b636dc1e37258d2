/**
 * Tells every node something now. A message reaches the listeners subscribed at that moment, in order per channel,
 * once each; it is lost for nodes that are away, so a listener must also cope with not hearing.
 */
export abstract class PubSub {
  abstract publish(channel: string, message: string): Promise<void>;
  /** Resolves when messages are being received. The result ends this subscription alone. */
  abstract subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
}
