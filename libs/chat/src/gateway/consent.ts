import { Disclosures, EmbedReader } from '@app/embeds';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

/** Whether a visitor may write: where an embed asks for consent, they must have accepted its current text. */
@Injectable()
export class Consent {
  constructor(
    private readonly embeds: EmbedReader,
    private readonly disclosures: Disclosures,
  ) {}

  /** @throws AppError `visitor.consent-required`, `visitor.token-invalid` when the embed has ended meanwhile */
  async mustBeGiven(
    ctx: WorkspaceContext,
    { visitorId, embedId }: { visitorId: string; embedId: string },
  ): Promise<void> {
    const embed = await this.embeds.findActive(ctx.workspaceId, embedId);
    if (!embed) throw new AppError('visitor.token-invalid');
    if (!(await this.disclosures.hasConsent(ctx, visitorId, embed))) throw new AppError('visitor.consent-required');
  }
}
