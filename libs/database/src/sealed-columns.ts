/** A column that holds values sealed by `FieldCipher` and nothing else (NULL where it may be empty). Its type is text. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that names the row, unique within its workspace or user: `rowId` of the sealed value's `FieldPlace`. */
  readonly rowId: string;
  /** The column that names the workspace; null in tables of no workspace, whose values are sealed with `workspaceId: null`. */
  readonly workspaceId: string | null;
  /** Where `workspaceId` is null: the column that names the user whose row it is. Rotation acts as that user. */
  readonly userId?: string;
}

/**
 * Every sealed column of the schema. Who seals a column adds its line here and its look-up to a migration
 * (`addRotationLookUps`): `keys:rotate` re-encrypts these and no others, and the tests look for plain text in them.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'users', column: 'email', rowId: 'id', workspaceId: null, userId: 'id' },
  { table: 'users', column: 'name', rowId: 'id', workspaceId: null, userId: 'id' },
  { table: 'pending_registrations', column: 'payload', rowId: 'id', workspaceId: null, userId: 'id' },
  { table: 'second_factors', column: 'secret', rowId: 'user_id', workspaceId: null, userId: 'user_id' },
  { table: 'user_identities', column: 'subject', rowId: 'id', workspaceId: null, userId: 'user_id' },
  { table: 'messages', column: 'text', rowId: 'id', workspaceId: 'workspace_id' },
  { table: 'messages', column: 'citations', rowId: 'id', workspaceId: 'workspace_id' },
  { table: 'visitors', column: 'identity', rowId: 'id', workspaceId: 'workspace_id' },
  { table: 'embed_identity_secrets', column: 'secret', rowId: 'id', workspaceId: 'workspace_id' },
  { table: 'invitations', column: 'email', rowId: 'id', workspaceId: 'workspace_id' },
  { table: 'sessions', column: 'ip', rowId: 'id', workspaceId: null, userId: 'user_id' },
  { table: 'sessions', column: 'user_agent', rowId: 'id', workspaceId: null, userId: 'user_id' },
  // Events of no workspace carry the nil UUID as theirs, so rotation visits it like a workspace.
  { table: 'audit_addresses', column: 'address', rowId: 'event_id', workspaceId: 'workspace_id' },
];
