import { sha256 } from '@app/crypto';
import { SystemDb } from '@app/database';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { matchesOrigin } from './origin-rule';

/** A key and an origin that belong together at this moment. */
export interface Admission {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly keyId: string;
  readonly origin: string;
}

/** The door of the public embed routes. */
@Injectable()
export class EmbedAdmission {
  constructor(
    private readonly systemDb: SystemDb,
    private readonly clock: Clock,
  ) {}

  /**
   * One question to the database whatever is wrong, and none after it, so that neither the answer nor what it costs tells
   * which keys exist.
   * @param origin the `Origin` header
   * @throws AppError `embed.not-found` for a key that is unknown, foreign, replaced or has run out, for an embed that is
   * disabled, has run out or is of a suspended workspace, and for every wrong origin
   */
  async admit(embedKey: string, origin: string | undefined): Promise<Admission> {
    const found = await this.systemDb.findEmbedByKeyHash(sha256(embedKey), this.clock.now());
    if (!found || !matchesOrigin(found.allowedOrigins, origin)) throw new AppError('embed.not-found');
    const { workspaceId, embedId, keyId } = found;
    return { workspaceId, embedId, keyId, origin };
  }
}
