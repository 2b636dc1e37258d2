import { type MessageSource, VisitorLimits } from '@app/embeds';
import type { ServerEvents } from '@app/chat-protocol';
import { Injectable } from '@nestjs/common';
import { limitKeyOf } from '../sockets/client-address';
import { VisitorRooms } from './visitor-rooms';

/** Who sends a message, by socket or otherwise. */
export interface MessageCaller {
  readonly claims: { readonly workspaceId: string; readonly embedId: string; readonly visitorId: string };
  readonly ip: string;
}

/** Counts what visitors say, and tells them before it becomes too much. */
@Injectable()
export class MessageLimits {
  constructor(
    private readonly limits: VisitorLimits,
    private readonly rooms: VisitorRooms,
  ) {}

  /**
   * @returns the warnings, which all sockets of the visitor are told
   * @throws AppError `limit.visitor`, `limit.ip`, `limit.embed` or `limit.workspace` with `retryAfterSeconds`
   */
  async count(caller: MessageCaller): Promise<ServerEvents['limit-warning'][]> {
    const { visitorId } = caller.claims;
    const warnings = await this.limits.count(sourceOf(caller));
    for (const warning of warnings) this.rooms.emit(visitorId, 'limit-warning', warning);
    return warnings;
  }

  /**
   * Counts a message and does what it asks for. What comes to nothing is counted on the visitor and the address alone, so
   * that nobody uses up what others share.
   * @throws AppError as `count`, and whatever `work` throws
   */
  async counted<T>(caller: MessageCaller, work: (warnings: ServerEvents['limit-warning'][]) => Promise<T>): Promise<T> {
    const warnings = await this.count(caller);
    try {
      return await work(warnings);
    } catch (error) {
      await this.giveBackShared(caller);
      throw error;
    }
  }

  /** Never rejects: a hit that is not given back leaves its window by itself. */
  private async giveBackShared(caller: MessageCaller): Promise<void> {
    await this.limits.giveBackShared(sourceOf(caller)).catch(() => undefined);
  }
}

const sourceOf = ({ claims: { workspaceId, embedId, visitorId }, ip }: MessageCaller): MessageSource => ({
  workspaceId,
  embedId,
  visitorId,
  network: limitKeyOf(ip),
});
