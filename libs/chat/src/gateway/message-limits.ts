import { VisitorLimits } from '@app/embeds';
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
  async count({ claims, ip }: MessageCaller): Promise<ServerEvents['limit-warning'][]> {
    const { workspaceId, embedId, visitorId } = claims;
    const warnings = await this.limits.count({ workspaceId, embedId, visitorId, network: limitKeyOf(ip) });
    for (const warning of warnings) this.rooms.emit(visitorId, 'limit-warning', warning);
    return warnings;
  }
}
