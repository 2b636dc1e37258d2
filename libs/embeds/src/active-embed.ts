import type { Tx } from '@app/database';
import type { ChallengeMode } from './challenge/challenge-mode';
import { completeConfig, type EmbedConfig } from './embed-config';
import { matchesOrigin } from './origin-rule';

/** When a key of an embed ends; null for the current one. */
interface KeyEnd {
  readonly id: string;
  readonly expiresAt: Date | null;
}

/** An embed that is enabled, of a workspace that is not suspended. */
export interface ActiveEmbed {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly generation: number;
  readonly allowedOrigins: readonly string[];
  readonly expiresAt: Date | null;
  readonly keys: readonly KeyEnd[];
  readonly identityRequired: boolean;
  readonly requiresConsent: boolean;
  readonly challenge: ChallengeMode;
  readonly disclosureVersion: number;
  readonly config: EmbedConfig;
}

/** What a visitor token claims, as far as the embed decides about it. */
export interface EmbedClaim {
  readonly workspaceId: string;
  readonly embedId: string;
  /** The key the session was opened with. */
  readonly keyId: string;
  readonly generation: number;
  readonly origin: string;
}

interface EmbedRow {
  id: string;
  generation: number;
  allowed_origins: string[];
  expires_at: Date | null;
  identity_required: boolean;
  requires_consent: boolean;
  challenge: ChallengeMode;
  disclosure_version: number;
  config: Partial<EmbedConfig>;
  /** As JSON, so with the time as text. */
  keys: { id: string; expiresAt: string | null }[];
}

/** Those of the ids that stand for an enabled embed, also if it has run out. One query. */
export async function readEmbeds(
  tx: Tx,
  workspaceId: string,
  embedIds: readonly string[],
): Promise<Map<string, ActiveEmbed>> {
  const rows: EmbedRow[] = await tx.query(
    `select embed.id, embed.generation, embed.allowed_origins, embed.expires_at, embed.identity_required,
       embed.requires_consent, embed.challenge, embed.disclosure_version, embed.config,
       (select coalesce(jsonb_agg(jsonb_build_object('id', key.id, 'expiresAt', key.expires_at)), '[]')
        from embed_keys key where key.workspace_id = embed.workspace_id and key.embed_id = embed.id) as keys
     from embeds embed join workspaces workspace on workspace.id = embed.workspace_id
     where embed.workspace_id = $1 and embed.id = any ($2::uuid[])
       and embed.is_enabled and workspace.suspended_at is null`,
    [workspaceId, embedIds],
  );
  return new Map(rows.map((row) => [row.id, toEmbed(workspaceId, row)]));
}

const isAhead = (end: Date | null, now: Date): boolean => end === null || end > now;

export const isOpenAt = ({ expiresAt }: ActiveEmbed, now: Date): boolean => isAhead(expiresAt, now);

/** Whether a token with this claim is good: everything that decides, at this moment. */
export function isTokenGood(embed: ActiveEmbed, claim: EmbedClaim, now: Date): boolean {
  const hasKey = embed.keys.some(({ id, expiresAt }) => id === claim.keyId && isAhead(expiresAt, now));
  const isCurrent = embed.generation === claim.generation && isOpenAt(embed, now);
  return isCurrent && hasKey && matchesOrigin(embed.allowedOrigins, claim.origin);
}

const toEmbed = (workspaceId: string, row: EmbedRow): ActiveEmbed => ({
  workspaceId,
  embedId: row.id,
  generation: row.generation,
  allowedOrigins: row.allowed_origins,
  expiresAt: row.expires_at,
  keys: row.keys.map(({ id, expiresAt }) => ({ id, expiresAt: expiresAt === null ? null : new Date(expiresAt) })),
  identityRequired: row.identity_required,
  requiresConsent: row.requires_consent,
  challenge: row.challenge,
  disclosureVersion: row.disclosure_version,
  config: completeConfig(row.config),
});
