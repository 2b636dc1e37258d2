import { PubSub } from '@app/cache';
import type { ServerEvents } from '@app/chat-protocol';
import { newId } from '@app/kernel';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

/** Something the server said to a visitor. */
export type Said = {
  [E in keyof ServerEvents]: { readonly event: E; readonly payload: ServerEvents[E] };
}[keyof ServerEvents];

type Listener = (said: Said) => void;

interface Wanted {
  readonly node: string;
  readonly visitorId: string;
}

interface Told {
  readonly node: string;
  readonly visitorId: string;
  readonly said: Said;
}

const WANTED = 'visitor-streams.wanted';
const TOLD = 'visitor-streams.told';
/** How long other nodes pass on what a visitor is told after they were asked to. Longer than any stream is kept open. */
const WANTED_MS = 180_000;
/** Beyond it the oldest are forgotten; their streams still read the conversation from time to time. */
const MAX_WANTED = 10_000;

/**
 * What visitors are told, for those who listen without a socket. Sockets hear through Socket.IO's adapter; only for a
 * visitor somebody listens to on another node is a second copy sent, so that everybody else costs nothing.
 */
@Injectable()
export class VisitorStreams implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(VisitorStreams.name);
  private readonly node = newId();
  private readonly listeners = new Map<string, Set<Listener>>();
  /** Visitors listened to elsewhere, and until when. */
  private readonly wanted = new Map<string, number>();
  private subscriptions: (() => Promise<void>)[] = [];

  constructor(private readonly pubSub: PubSub) {}

  async onModuleInit(): Promise<void> {
    // Only this class publishes on these channels, so the shapes are known.
    this.subscriptions = await Promise.all([
      this.pubSub.subscribe(WANTED, (message) => this.noteWanted(JSON.parse(message) as Wanted)),
      this.pubSub.subscribe(TOLD, (message) => {
        const { node, visitorId, said } = JSON.parse(message) as Told;
        if (node !== this.node) this.deliver(visitorId, said);
      }),
    ]);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.subscriptions.map((end) => end()));
  }

  /**
   * From now on the listener hears what the visitor is told, on whichever node. A message may be lost.
   * @returns ends it
   */
  async listen(visitorId: string, listener: Listener): Promise<() => void> {
    const listeners = this.listeners.get(visitorId) ?? new Set();
    this.listeners.set(visitorId, listeners.add(listener));
    await this.publish(WANTED, JSON.stringify({ node: this.node, visitorId } satisfies Wanted));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(visitorId);
    };
  }

  tell(visitorId: string, said: Said): void {
    this.deliver(visitorId, said);
    if ((this.wanted.get(visitorId) ?? 0) > Date.now()) {
      void this.publish(TOLD, JSON.stringify({ node: this.node, visitorId, said } satisfies Told));
    }
  }

  private deliver(visitorId: string, said: Said): void {
    for (const listener of this.listeners.get(visitorId) ?? []) listener(said);
  }

  /** All are kept equally long, so the oldest stand first. */
  private noteWanted({ node, visitorId }: Wanted): void {
    if (node === this.node) return;
    const now = Date.now();
    this.wanted.delete(visitorId);
    this.wanted.set(visitorId, now + WANTED_MS);
    for (const [id, until] of this.wanted) {
      if (until > now && this.wanted.size <= MAX_WANTED) return;
      this.wanted.delete(id);
    }
  }

  /** Never rejects: who listens also looks for themselves from time to time. */
  private async publish(channel: string, message: string): Promise<void> {
    try {
      await this.pubSub.publish(channel, message);
    } catch (error) {
      this.logger.warn({ err: error }, 'other nodes were not told of a visitor who listens without a socket');
    }
  }
}
