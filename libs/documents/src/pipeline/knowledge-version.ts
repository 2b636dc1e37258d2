import type { Tx } from '@app/database';

/** Tells every reader of the workspace's passages that they have changed. Part of the change's own transaction. */
export async function bumpKnowledgeVersion(tx: Tx, { workspaceId }: { readonly workspaceId: string }): Promise<void> {
  await tx.query(
    `insert into knowledge_versions (workspace_id, version) values ($1, 1)
     on conflict (workspace_id) do update set version = knowledge_versions.version + 1`,
    [workspaceId],
  );
}
