import { wordingHash } from '@app/ai';
import type { Tx } from '@app/database';
import { AppError } from '@app/kernel';
import type { Snippet } from './snippet.entity';

/**
 * Makes the snippet the one that answers its wordings word for word, or no longer does when it is not canned. The caller
 * holds the workspace's knowledge, so nobody else claims any meanwhile.
 * @throws AppError `snippet.wording-taken` with `existingId`: one of them is another canned snippet's
 */
export async function claimWordings(tx: Tx, snippet: Snippet): Promise<void> {
  const { workspaceId, id, isCanned, question, alternatives } = snippet;
  await tx.query('delete from canned_wordings where workspace_id = $1 and snippet_id = $2', [workspaceId, id]);
  if (!isCanned) return;
  const byHash = new Map([question, ...alternatives].map(wordingHash).map((hash) => [hash.toString('hex'), hash]));
  const hashes = [...byHash.values()];
  const [other] = await tx.query<{ id: string; question: string }[]>(
    `select s.id, s.question from canned_wordings w
     join snippets s on s.workspace_id = w.workspace_id and s.id = w.snippet_id
     where w.workspace_id = $1 and w.wording_hash = any($2::bytea[]) limit 1`,
    [workspaceId, hashes],
  );
  if (other) throw new AppError('snippet.wording-taken', { existingId: other.id, detail: other.question });
  await tx.query(
    'insert into canned_wordings (workspace_id, snippet_id, wording_hash) select $1, $2, unnest($3::bytea[])',
    [workspaceId, id, hashes],
  );
}
