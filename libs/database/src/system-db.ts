import { Injectable } from '@nestjs/common';
import { Database } from './database';
import { rotationLookUp } from './rotation/add-rotation-look-ups';
import type { SealedColumn } from './sealed-columns';
import { withConnection } from './with-connection';

export interface FoundUser {
  id: string;
  /** Null for an account that signs in elsewhere only. */
  passwordHash: string | null;
  name: string;
  email: string;
}

/** A workspace's API key, of a workspace that is not suspended. */
export interface FoundApiKey {
  workspaceId: string;
  apiKeyId: string;
  scopes: string[];
  expiresAt: Date;
  lastUsedAt: Date | null;
}

/** An embed that may be used now, found by one of its keys. */
export interface FoundEmbed {
  workspaceId: string;
  embedId: string;
  keyId: string;
  allowedOrigins: string[];
}

/** A version of a document that there is work for. */
export interface PlacedVersion {
  workspaceId: string;
  documentId: string;
  version: number;
  /** Among those of its workspace, from 1. */
  place: number;
}

/** An archive of files that is not unpacked yet. */
export interface UnfinishedBulkUpload {
  workspaceId: string;
  bulkUploadId: string;
  /** Among the unfinished ones of its workspace, from 1. */
  place: number;
}

/** A row found by a rotation's look-up. */
export interface SealedRow {
  /** The workspace, or in tables of no workspace the user. */
  ownerId: string;
  rowId: string;
  /** Id of the key, `''` for a value that is not sealed, null for no value. */
  kid: string | null;
  isLast: boolean;
}

/**
 * Questions that come before a workspace is known: sign-in, refresh, an embed's key, and what to resume after a start.
 * Each is a SECURITY DEFINER function in the database that returns these columns and no others. Few may call it. All
 * reject with AppError `service.unavailable` or `service.busy` when the database cannot answer now.
 */
@Injectable()
export class SystemDb {
  constructor(private readonly database: Database) {}

  /** @param emailIndex blind index of the e-mail. The columns come as stored: sealed. */
  async findUserByEmailIndex(emailIndex: Buffer): Promise<FoundUser | null> {
    const sql = 'select id, password_hash as "passwordHash", name, email from find_user_by_email_index($1)';
    const [user] = await this.rows<FoundUser>(sql, [emailIndex]);
    return user ?? null;
  }

  /** The user a session belongs to, whether or not the session is still good. */
  async findSessionUser(sessionId: string): Promise<string | null> {
    const [row] = await this.rows<{ userId: string | null }>('select find_session_user($1) as "userId"', [sessionId]);
    return row?.userId ?? null;
  }

  /**
   * Whose sign-in at another provider this is.
   * @param subjectIndex blind index of issuer and subject
   */
  async findIdentityUser(subjectIndex: Buffer): Promise<string | null> {
    const sql = 'select find_identity_user($1) as "userId"';
    const [row] = await this.rows<{ userId: string | null }>(sql, [subjectIndex]);
    return row?.userId ?? null;
  }

  /** Sessions of all users that ended or ran out before `before`, longest ago first. */
  listEndedSessions(before: Date, atMost: number): Promise<{ userId: string; sessionId: string }[]> {
    const sql = 'select user_id as "userId", session_id as "sessionId" from list_ended_sessions($1, $2)';
    return this.rows(sql, [before, atMost]);
  }

  /** Resume tokens of all workspaces that ran out before `before`, longest ago first. */
  listExpiredResumeTokens(before: Date, atMost: number): Promise<{ workspaceId: string; tokenHash: Buffer }[]> {
    const sql =
      'select workspace_id as "workspaceId", token_hash as "tokenHash" from list_expired_resume_tokens($1, $2)';
    return this.rows(sql, [before, atMost]);
  }

  /** Whose pending registrations and mailed links are over, at most so many. */
  async listExpiredAccountLinks(before: Date, atMost: number): Promise<string[]> {
    const sql = 'select user_id as "userId" from list_expired_account_links($1, $2)';
    return (await this.rows<{ userId: string }>(sql, [before, atMost])).map(({ userId }) => userId);
  }

  /** Oldest workspace first. */
  listUserWorkspaces(userId: string): Promise<{ workspaceId: string; name: string; role: string }[]> {
    return this.rows('select workspace_id as "workspaceId", name, role from list_user_workspaces($1)', [userId]);
  }

  /**
   * Null alike, and after one question, for a key that is unknown or ran out and an embed that is disabled, ran out or
   * belongs to a suspended workspace.
   * @param hash SHA-256 of the embed key
   */
  async findEmbedByKeyHash(hash: Buffer, at: Date): Promise<FoundEmbed | null> {
    const sql = `select workspace_id as "workspaceId", embed_id as "embedId", key_id as "keyId",
      allowed_origins as "allowedOrigins" from find_embed_by_key_hash($1, $2)`;
    const [embed] = await this.rows<FoundEmbed>(sql, [hash, at]);
    return embed ?? null;
  }

  /**
   * Null also for an invitation to a suspended workspace.
   * @param hash SHA-256 of the invitation's token
   */
  async findInvitationByTokenHash(hash: Buffer): Promise<{ workspaceId: string; invitationId: string } | null> {
    const sql = `select workspace_id as "workspaceId", invitation_id as "invitationId"
      from find_invitation_by_token_hash($1)`;
    const [invitation] = await this.rows<{ workspaceId: string; invitationId: string }>(sql, [hash]);
    return invitation ?? null;
  }

  /**
   * Also keys that ran out; null for a key of a suspended workspace.
   * @param hash SHA-256 of the key
   */
  async findApiKeyByHash(hash: Buffer): Promise<FoundApiKey | null> {
    const sql = `select workspace_id as "workspaceId", api_key_id as "apiKeyId", scopes, expires_at as "expiresAt",
      last_used_at as "lastUsedAt" from find_api_key_by_hash($1)`;
    const [key] = await this.rows<FoundApiKey>(sql, [hash]);
    return key ?? null;
  }

  /**
   * Versions of documents of all workspaces that ingestion is not done with, at most 5,000: each workspace's oldest first,
   * then each one's second.
   */
  listUnfinishedVersions(): Promise<PlacedVersion[]> {
    return this.places('list_unfinished_versions()', []);
  }

  /**
   * Live documents of all workspaces whose vectors are of another model, or made from another text. Each workspace's first,
   * then each one's second.
   */
  listOutdatedVectors(wanted: { model: string; prefixVersion: number }, atMost: number): Promise<PlacedVersion[]> {
    return this.places('list_outdated_vectors($1, $2, $3)', [wanted.model, wanted.prefixVersion, atMost]);
  }

  /** Archives of all workspaces that are not unpacked: each workspace's oldest first, then each one's second. */
  async listUnfinishedBulkUploads(): Promise<UnfinishedBulkUpload[]> {
    const rows = await this.rows<UnfinishedBulkUpload>(
      `select workspace_id as "workspaceId", bulk_upload_id as "bulkUploadId", place from list_unfinished_bulk_uploads()`,
    );
    return rows.map((row) => ({ ...row, place: Number(row.place) }));
  }

  /** Sources of all workspaces whose time for a sync has come at `at`, the most overdue first. */
  listDueSources(at: Date, atMost: number): Promise<{ workspaceId: string; sourceId: string }[]> {
    const sql = 'select workspace_id as "workspaceId", source_id as "sourceId" from list_due_sources($1, $2)';
    return this.rows(sql, [at, atMost]);
  }

  /** Syncs of all workspaces that have not ended, whether or not anybody works on them. */
  listRunningSyncs(): Promise<{ workspaceId: string; sourceId: string; runId: string }[]> {
    return this.rows(
      'select workspace_id as "workspaceId", source_id as "sourceId", run_id as "runId" from list_running_syncs()',
    );
  }

  /** Answers of all workspaces that are still being generated by somebody whose lease is over, oldest first. */
  listExpiredAnswers(): Promise<{ workspaceId: string; messageId: string; conversationId: string }[]> {
    return this.rows(
      `select workspace_id as "workspaceId", message_id as "messageId", conversation_id as "conversationId"
       from list_expired_answers()`,
    );
  }

  /**
   * Of the `step` rows behind `after`, those whose value in `column` is not sealed with the key `currentKid`, and the
   * last row of the step whatever its key is. Empty behind the last row of the table.
   */
  listSealedRows(
    { table, column }: SealedColumn,
    currentKid: string,
    after: { owner: string; row: string },
    step: number,
  ): Promise<SealedRow[]> {
    return this.rows(
      `select owner_id as "ownerId", row_id as "rowId", kid, is_last as "isLast"
       from ${rotationLookUp(table, column)}($1, $2, $3, $4) order by owner_id, row_id`,
      [currentKid, after.owner, after.row, step],
    );
  }

  /** Where each chain of the audit trail ends; `hash` is hexadecimal, `chain` a workspace or `NO_WORKSPACE`. */
  async listAuditHeads(): Promise<{ chain: string; seq: number; hash: string }[]> {
    const heads = await this.rows<{ chain: string; seq: string; hash: string }>(
      `select workspace_id as chain, seq, encode(hash, 'hex') as hash from list_audit_heads()`,
    );
    return heads.map((head) => ({ ...head, seq: Number(head.seq) }));
  }

  private async places(call: string, parameters: unknown[]): Promise<PlacedVersion[]> {
    const sql = `select workspace_id as "workspaceId", document_id as "documentId", version, place from ${call}`;
    return (await this.rows<PlacedVersion>(sql, parameters)).map((row) => ({ ...row, place: Number(row.place) }));
  }

  private rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return withConnection(this.database.dataSource, ({ manager }) => manager.query<T[]>(sql, parameters));
  }
}
