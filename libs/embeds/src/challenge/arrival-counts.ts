import { KeyValueStore } from '@app/cache';
import { deriveKey, hmacSha256 } from '@app/crypto';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { EmbedsOptions } from '../embeds-options';
import { SharedCount } from './shared-count';

const WINDOW_SECONDS = 600;

/**
 * How many new sessions are asked for without work done, by address and by embed, in windows of ten minutes. An address
 * is counted over all embeds, under its keyed hash: the store must not become a list of who was here.
 */
@Injectable()
export class ArrivalCounts {
  private readonly counts: SharedCount;
  private readonly key: Buffer;
  private readonly usual: EmbedsOptions['challenges'];

  constructor({ secretKey, challenges }: EmbedsOptions, store: KeyValueStore, clock: Clock) {
    this.counts = new SharedCount(store, clock);
    this.key = deriveKey(secretKey, 'challenge-addresses');
    this.usual = challenges;
  }

  /**
   * Counts one more. What an address has too many of is not counted for the embed, or one address could make the chat
   * harder for everybody.
   * @returns how many times what is usual that makes; above 1 is suspicious
   */
  async add(embedId: string, ip: string | undefined): Promise<number> {
    const { sessionsPerIp, sessionsPerEmbed } = this.usual;
    const ofAddress = ip === undefined ? 0 : (await this.count('ip', this.hash(ip))) / sessionsPerIp;
    if (ofAddress > 1) return ofAddress;
    return Math.max(ofAddress, (await this.count('embed', embedId)) / sessionsPerEmbed);
  }

  private count(kind: 'ip' | 'embed', name: string): Promise<number> {
    return this.counts.add(`arrivals:${kind}:${name}`, WINDOW_SECONDS);
  }

  /** An IPv6 client is its /64, as for every limit. */
  private hash(ip: string): string {
    return hmacSha256(this.key, normalizeIp(ip)).toString('base64url');
  }
}
