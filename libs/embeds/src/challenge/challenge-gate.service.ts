import { WorkspaceDb } from '@app/database';
import { AppError, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { Admission } from '../embed-admission';
import { EmbedReader } from '../embed-reader';
import { ResumeTokens } from '../resume-tokens';
import { ArrivalCounts } from './arrival-counts';
import { Challenges } from './challenges';

/** What a visitor without an identity token shows at the door. */
interface Arriving {
  readonly ip?: string;
  readonly resumeToken?: string;
  readonly altcha?: string;
}

/**
 * Lets new visitors through, or asks their device for work first. It comes after admission, so that everybody who is
 * shown a challenge would have been shown a session: nobody learns from one which keys exist.
 */
@Injectable()
export class ChallengeGate {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly embeds: EmbedReader,
    private readonly resumeTokens: ResumeTokens,
    private readonly counts: ArrivalCounts,
    private readonly challenges: Challenges,
  ) {}

  /** @throws AppError `challenge.required`, with a new challenge also after a solution that is not good */
  async pass({ workspaceId, embedId }: Admission, { ip, resumeToken, altcha }: Arriving): Promise<void> {
    const embed = await this.embeds.findActive(workspaceId, embedId);
    // One that was closed a moment ago is refused where the session would be made.
    if (!embed || embed.challenge === 'never') return;
    if (resumeToken !== undefined && (await this.isKnown({ workspaceId, embedId }, resumeToken))) return;
    if (altcha !== undefined && (await this.challenges.redeem(embedId, altcha))) return;
    const load = await this.counts.add(embedId, ip);
    if (embed.challenge === 'suspicious' && load <= 1) return;
    throw new AppError('challenge.required', { challenge: await this.challenges.issue(embedId, load) });
  }

  private isKnown(embed: { workspaceId: string; embedId: string }, resumeToken: string): Promise<boolean> {
    return this.db.run(systemContext(embed.workspaceId), (tx) => this.resumeTokens.isGood(tx, embed, resumeToken));
  }
}
