import { SlidingWindows, type WindowLimit, type WindowState } from '@app/cache';
import { hmacSha256 } from '@app/crypto';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { LimitWarning } from '../usage/limit-warning';
import { UsageLimitsReader } from '../usage/usage-limits.reader';
import { UsageOptions } from '../usage/usage-options';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;

/** Who sends a message, as the server knows it from a verified token and the connection. */
export interface MessageSource {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly visitorId: string;
  /** The client's address; of IPv6 the /64 it belongs to. */
  readonly network: string;
}

type Axis = 'visitor' | 'ip' | 'embed' | 'workspace';

interface AxisWindow extends WindowLimit {
  readonly axis: Axis;
}

interface Rate {
  readonly axis: Axis;
  readonly id: string;
  readonly perMinute: number | null;
  readonly perHour: number | null;
}

/**
 * How much visitors may say: counted on four axes, by the minute and by the hour, over all sockets and nodes, before
 * anything is stored. An address is counted for each workspace alone, so that nobody uses up another company's.
 */
@Injectable()
export class VisitorLimits {
  constructor(
    private readonly windows: SlidingWindows,
    private readonly limits: UsageLimitsReader,
    private readonly options: UsageOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one message on all axes, or on none when one of them is full.
   * @returns warnings that are due now
   * @throws AppError `limit.visitor`, `limit.ip`, `limit.embed` or `limit.workspace` with `retryAfterSeconds`
   */
  async count(source: MessageSource): Promise<LimitWarning[]> {
    const windows = await this.windowsOf(source);
    const states = await this.windows.hit(source.workspaceId, windows);
    refuseWhenFull(windows, states);
    return windows.flatMap(({ axis }, index) => {
      const state = states[index];
      return state?.isNearing ? [this.warning(axis, state)] : [];
    });
  }

  /** A message that was counted came to nothing: whoever shares the embed or the workspace need not pay for it. */
  async giveBackShared(source: MessageSource): Promise<void> {
    const windows = await this.windowsOf(source);
    await this.windows.giveBack(
      source.workspaceId,
      windows.filter(({ axis }) => axis === 'embed' || axis === 'workspace'),
    );
  }

  private async windowsOf({ workspaceId, embedId, visitorId, network }: MessageSource): Promise<AxisWindow[]> {
    const { workspace, embed } = await this.limits.find(workspaceId, embedId);
    const { messages, addressKey } = this.options;
    const rates: Rate[] = [
      { axis: 'visitor', id: visitorId, ...messages.visitor },
      { axis: 'ip', id: hmacSha256(addressKey, network).toString('base64url'), ...messages.ip },
      { axis: 'embed', id: embedId, perMinute: embed.messagesPerMinute, perHour: embed.messagesPerHour },
      {
        axis: 'workspace',
        id: workspaceId,
        perMinute: workspace.messagesPerMinute,
        perHour: workspace.messagesPerHour,
      },
    ];
    return rates.flatMap(({ axis, id, perMinute, perHour }) => {
      const key = `${axis}:${id}`;
      return [
        ...(perMinute === null ? [] : [{ axis, key, windowSeconds: MINUTE_SECONDS, limit: perMinute }]),
        ...(perHour === null ? [] : [{ axis, key, windowSeconds: HOUR_SECONDS, limit: perHour }]),
      ];
    });
  }

  private warning(axis: Axis, { remaining, freesInSeconds }: WindowState): LimitWarning {
    const resetsAt = new Date(this.clock.now().getTime() + freesInSeconds * 1000).toISOString();
    return { axis, remaining, resetsAt };
  }
}

/** Named after the nearest axis that is full; the wait is the longest of them all, so that it is worth waiting. */
function refuseWhenFull(windows: readonly AxisWindow[], states: readonly WindowState[]): void {
  const waits = states.flatMap(({ isAllowed, freesInSeconds }) => (isAllowed ? [] : [freesInSeconds]));
  const full = windows.find((_, index) => states[index]?.isAllowed === false);
  if (full) throw new AppError(`limit.${full.axis}`, { retryAfterSeconds: Math.max(...waits) });
}
