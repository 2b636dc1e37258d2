import type { Tx } from '@app/database';
import { AppError } from '@app/kernel';
import { Snippet } from './snippet.entity';
import { differences } from './snippet-texts';

/**
 * Keeps an import from writing what is there, or beside it an answer of another time to the same question. The caller holds
 * the workspace's knowledge.
 * @throws AppError `snippet.duplicate`, `snippet.question-taken` with `existingId`
 */
export async function refuseKnown(tx: Tx, snippet: Snippet): Promise<void> {
  const { workspaceId, id, question } = snippet;
  const found = await tx.getRepository(Snippet).find({
    where: [
      { workspaceId, id },
      { workspaceId, question },
    ],
  });
  const own = found.find((other) => other.id === id);
  const same = own ?? found.find((other) => differences(other, snippet).length === 0);
  if (same) throw new AppError('snippet.duplicate', { existingId: same.id });
  const [other] = found;
  if (other) throw new AppError('snippet.question-taken', { existingId: other.id });
}
