import type { Tx } from '@app/database';
import { Clock, parseUrl } from '@app/kernel';
import { Injectable } from '@nestjs/common';

/** A DNS host name has at most 253 characters (RFC 1035, 2.3.4). */
const MAX_HOST_CHARS = 253;

interface KeyUse {
  readonly workspaceId: string;
  readonly keyId: string;
  readonly origin: string;
  /** As the page itself says. */
  readonly pageUrl?: string;
}

/** Keeps the report of where each key was last seen, so that an owner knows which pages still have the old one. */
@Injectable()
export class KeyUses {
  constructor(private readonly clock: Clock) {}

  /** Last in the transaction: every session of the embed waits for this row. */
  async note(tx: Tx, { workspaceId, keyId, origin, pageUrl }: KeyUse): Promise<void> {
    await tx.query(
      `update embed_keys set last_used_at = $3, last_origin = $4, last_page_host = $5, session_count = session_count + 1
       where workspace_id = $1 and id = $2`,
      [workspaceId, keyId, this.clock.now(), origin, hostOf(pageUrl)],
    );
  }
}

function hostOf(pageUrl: string | undefined): string | null {
  const url = pageUrl === undefined ? null : parseUrl(pageUrl);
  return url && url.hostname !== '' && url.hostname.length <= MAX_HOST_CHARS ? url.hostname : null;
}
