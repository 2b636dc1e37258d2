import { newId } from '@app/kernel';
import type { TestDatabase } from './test-database';

type Row = Record<string, unknown>;

/** One row for every table of the schema, in the order in which they refer to one another. */
function rowsOf(workspaceId: string): [string, Row][] {
  const [user, document, chunk, embed, visitor, conversation] = [newId(), newId(), newId(), newId(), newId(), newId()];
  const [event, message, bulk, source, run] = [newId(), newId(), newId(), newId(), newId()];
  const later = new Date(Date.now() + 3_600_000);
  const random = Buffer.from(newId());
  const own = { workspace_id: workspaceId };
  const spent = { day: '2026-01-01', tokens: 1, cost_micros: 1, model_calls: 1 };
  const made = { created_by: user, created_at: later, expires_at: later };
  const sent = { invited_by: user, created_at: later, sent_at: later, expires_at: later };
  const disclosed = { kind: 'shown', version: 1, created_at: later };
  const seedPage = { url: 'https://seed.example/', canonical_url: 'https://seed.example/' };
  const invited = { email: 'v1.seed', email_index: random, ...sent };
  return [
    ['users', { id: user, email: `${user}@example.com`, email_index: random, name: 'Seed', password_hash: 'x' }],
    [
      'sessions',
      { id: newId(), user_id: user, refresh_hash: random, idle_expires_at: later, absolute_expires_at: later },
    ],
    ['pending_registrations', { id: newId(), token_hash: random, payload: 'x', expires_at: later }],
    ['password_resets', { id: newId(), user_id: user, token_hash: random, expires_at: later }],
    ['second_factors', { user_id: user, secret: 'x' }],
    ['recovery_codes', { id: newId(), user_id: user, code_hash: random }],
    ['user_identities', { id: newId(), user_id: user, issuer: 'x', subject: 'x', subject_index: random }],
    ['workspaces', { id: workspaceId, name: 'Seed' }],
    ['workspace_members', { ...own, user_id: user, role: 'owner' }],
    ['audit_heads', own],
    ['audit_events', { ...own, id: event, action: 'seed.made', actor_type: 'system' }],
    ['audit_addresses', { ...own, event_id: event, address: 'v1.seed' }],
    ['invitations', { ...own, id: newId(), role: 'viewer', token_hash: random, ...invited }],
    ['api_keys', { ...own, id: newId(), name: 'Seed', scopes: [], key_hash: random, key_last4: 'seed', ...made }],
    ['sources', { ...own, id: source, kind: 'crawl', url: 'https://seed.example/', max_depth: 1, max_pages: 1 }],
    ['documents', { ...own, id: document, title: 'Seed', source_id: source, source_url: 'https://seed.example/' }],
    ['source_runs', { ...own, id: run, source_id: source, status: 'done', started_at: later }],
    [
      'source_pages',
      { ...own, id: newId(), source_id: source, document_id: document, ...seedPage, state: 'ok', updated_at: later },
    ],
    ['source_changes', { ...own, id: newId(), run_id: run, url: 'https://seed.example/', kind: 'added' }],
    [
      'document_versions',
      {
        ...own,
        document_id: document,
        version: 1,
        blob_id: document,
        title: 'Seed',
        file_name: 's.txt',
        media_type: 'text/plain',
        byte_size: 1,
        sha256: random,
        status: 'indexed',
      },
    ],
    ['chunks', { ...own, id: chunk, document_id: document, version: 1, ordinal: 0, text: 'seed' }],
    ['chunk_vectors', { ...own, chunk_id: chunk, document_id: document, model: 'm', dimensions: 1, vector: random }],
    ['knowledge_versions', own],
    ['knowledge_policies', { ...own, injection: 'flag', hidden_text: 'flag', updated_at: later }],
    ['snippets', { ...own, id: document, question: 'Seed?', answer: 'Seed.' }],
    ['canned_wordings', { ...own, wording_hash: random, snippet_id: document }],
    [
      'bulk_uploads',
      { ...own, id: bulk, file_name: 's.zip', byte_size: 1, status: 'unpacked', actor_type: 'user', actor_id: user },
    ],
    [
      'bulk_upload_files',
      { ...own, id: newId(), bulk_upload_id: bulk, ordinal: 0, path: 's.txt', byte_size: 1, document_id: document },
    ],
    ['embeds', { ...own, id: embed, name: 'Seed', key_last4: 'seed' }],
    ['embed_keys', { ...own, id: newId(), embed_id: embed, key_hash: random, key_last4: 'seed', created_at: later }],
    [
      'embed_identity_secrets',
      { ...own, id: newId(), embed_id: embed, secret: 'v1.seed', last4: 'seed', created_at: later },
    ],
    ['identity_token_uses', { ...own, embed_id: embed, token_hash: random, expires_at: later }],
    ['visitors', { ...own, id: visitor, embed_id: embed }],
    ['disclosure_log', { ...own, id: newId(), embed_id: embed, visitor_id: visitor, ...disclosed, text_hash: random }],
    ['resume_tokens', { ...own, token_hash: random, visitor_id: visitor, expires_at: later }],
    ['conversations', { ...own, id: conversation, embed_id: embed, visitor_id: visitor }],
    ['messages', { ...own, id: message, conversation_id: conversation, seq: 1, author: 'visitor', text: 'seed' }],
    ['usage_limits', { ...own, updated_at: later }],
    ['usage_counters', { ...own, period: 'day', starts_on: '2026-01-01' }],
    ['usage_reservations', { ...own, answer_id: message, embed_id: embed, visitor_id: visitor, ...spent }],
  ];
}

export const SEEDED_TABLES: readonly string[] = rowsOf(newId()).map(([table]) => table);

/** Adds a workspace with one row in every table, past row-level security. Resolves its id. */
export async function seedWorkspace(test: TestDatabase): Promise<string> {
  const workspaceId = newId();
  for (const [table, row] of rowsOf(workspaceId)) {
    const columns = Object.keys(row);
    const places = columns.map((_, index) => `$${index + 1}`);
    await test.inspect(
      `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    );
  }
  return workspaceId;
}
