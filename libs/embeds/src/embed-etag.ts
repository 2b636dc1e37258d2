import { sha256 } from '@app/crypto';
import { AppError } from '@app/kernel';
import type { Embed } from './embed.entity';
import { toEmbedView } from './embeds.dto';

const ETAG_CHARS = 22;

/** Strong validator (RFC 9110, 8.8.3) of what an admin sees of an embed. */
export const etagOf = (embed: Embed): string =>
  `"${sha256(JSON.stringify(toEmbedView(embed)))
    .toString('base64url')
    .slice(0, ETAG_CHARS)}"`;

/**
 * @param ifMatch value of `If-Match`; left out, the last writer wins
 * @throws AppError `request.precondition-failed` when somebody changed the embed since it was read
 */
export function assertUnchanged(embed: Embed, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === etagOf(embed)) return;
  throw new AppError('request.precondition-failed');
}
