import { type HeldSlot, Slots } from '@app/cache';
import { deriveKey, hmacSha256 } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { limitKeyOf } from './client-address';
import { CrowdAlarm } from './crowd-alarm';
import { SocketSlots } from './socket-slots';

/** A dead node's connections free their slots after this long; a living one prolongs them three times in it. */
const LEASE_SECONDS = 30;
const EXTEND_INTERVAL_MS = (LEASE_SECONDS * 1000) / 3;
/** How long the store is left alone after it failed, so that a slow one does not cost each handshake its timeout. */
const RETRY_AFTER_MS = 5_000;

/** Who connects: a visitor or a user by id, from an address. */
export interface Connecting {
  readonly holder: `visitor:${string}` | `user:${string}`;
  readonly ip: string;
}

/** The part of a Socket.IO socket that is looked at here. */
interface Connection {
  readonly conn: { readonly readyState: string; once(event: 'close', listener: () => void): unknown };
  once(event: 'disconnect', listener: () => void): unknown;
}

/**
 * How many sockets one visitor or user, and one address, may have open on all nodes together. An address is counted over
 * both, under its keyed hash: the store must not become a list of who was here. While the store is away each node counts
 * for itself.
 */
@Injectable()
export class ConnectionSlots implements OnModuleDestroy {
  private readonly logger = new Logger(ConnectionSlots.name);
  private readonly held = new Set<HeldSlot>();
  private readonly here: { readonly holder: SocketSlots; readonly ip: SocketSlots };
  private readonly key: Buffer;
  private readonly timer: NodeJS.Timeout;
  private readonly crowd = new CrowdAlarm((open) =>
    this.logger.warn({ open }, 'A thousand connections of visitors and users are open at this node'),
  );
  private awayUntil = 0;

  constructor(
    private readonly slots: Slots,
    private readonly options: ChatOptions,
  ) {
    this.here = { holder: new SocketSlots(options.socketsPerVisitor), ip: new SocketSlots(options.socketsPerIp) };
    this.key = deriveKey(options.secretKey, 'socket-slots');
    this.timer = setInterval(() => void this.extend(), EXTEND_INTERVAL_MS);
    this.timer.unref();
  }

  /** What this node still holds is given back, so that others need not wait for its leases. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.give([...this.held]);
  }

  /**
   * Takes a slot of each kind, and gives both back when the connection ends.
   * @throws AppError `limit.connections`, also for a connection that went away meanwhile
   */
  async take(socket: Connection, connecting: Connecting): Promise<void> {
    const release = await this.acquire(connecting);
    // The close event of a connection that has gone meanwhile has been, and will not come again.
    if (socket.conn.readyState !== 'open') {
      release();
      throw new AppError('limit.connections');
    }
    // Whichever comes: a socket that never finished connecting has no disconnect event.
    socket.conn.once('close', release);
    socket.once('disconnect', release);
  }

  /**
   * A slot of each kind, for a connection that is no socket.
   * @returns gives both back; twice is once
   * @throws AppError `limit.connections`
   */
  async acquire({ holder, ip }: Connecting): Promise<() => void> {
    const { socketsPerVisitor, socketsPerIp } = this.options;
    const releases: (() => void)[] = [];
    const release = (): void => {
      for (const giveBack of releases.splice(0)) giveBack();
    };
    const isTaken =
      (await this.takeOne(releases, this.here.holder, holder, socketsPerVisitor)) &&
      (await this.takeOne(releases, this.here.ip, `ip:${this.hash(limitKeyOf(ip))}`, socketsPerIp));
    if (isTaken) {
      this.crowd.opened();
      releases.push(() => this.crowd.closed());
      return release;
    }
    release();
    throw new AppError('limit.connections');
  }

  /** This node's own count comes first: it is there when the store is not, and refuses without asking it. */
  private async takeOne(releases: (() => void)[], here: SocketSlots, key: string, limit: number): Promise<boolean> {
    const releaseHere = here.acquire(key);
    if (!releaseHere) return false;
    releases.push(releaseHere);
    const slot = { name: `sockets:${key}`, holder: newId() };
    if (!(await this.takeShared(slot, limit))) return false;
    this.held.add(slot);
    releases.push(() => {
      this.held.delete(slot);
      void this.give([slot]);
    });
    return true;
  }

  private async takeShared({ name, holder }: HeldSlot, limit: number): Promise<boolean> {
    if (Date.now() < this.awayUntil) return true;
    try {
      return await this.slots.take(name, holder, { limit, seconds: LEASE_SECONDS });
    } catch (error) {
      this.awayUntil = Date.now() + RETRY_AFTER_MS;
      this.logger.warn({ err: error }, 'Sockets are counted by this node alone');
      return true;
    }
  }

  private async extend(): Promise<void> {
    if (this.held.size === 0) return;
    try {
      await this.slots.extend([...this.held], LEASE_SECONDS);
    } catch (error) {
      this.logger.warn({ err: error }, 'The leases of open sockets could not be prolonged');
    }
  }

  /** A slot that cannot be given back is free when its lease ends. */
  private async give(slots: readonly HeldSlot[]): Promise<void> {
    await this.slots.give(slots).catch(() => undefined);
  }

  private hash(address: string): string {
    return hmacSha256(this.key, address).toString('base64url');
  }
}
