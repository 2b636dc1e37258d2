import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { DEFAULT_INSPECTION_POLICY, type InspectionPolicy } from '../inspection/inspection-policy';

/** What a workspace wants done with documents in which the inspection finds something. */
@Injectable()
export class KnowledgePolicy {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  get(ctx: WorkspaceContext): Promise<InspectionPolicy> {
    return this.db.run(ctx, (tx) => read(tx, ctx));
  }

  /** For what is read from now on: documents that are there stay as they are. */
  change(ctx: WorkspaceContext, { injection, hiddenText }: InspectionPolicy): Promise<InspectionPolicy> {
    return this.db.run(ctx, async (tx) => {
      await tx.query(
        `insert into knowledge_policies (workspace_id, injection, hidden_text, updated_at) values ($1, $2, $3, $4)
         on conflict (workspace_id) do update set injection = $2, hidden_text = $3, updated_at = $4`,
        [ctx.workspaceId, injection, hiddenText, this.clock.now()],
      );
      await this.audit.record(tx, ctx, 'knowledge-policy.changed', { injection, hiddenText });
      return read(tx, ctx);
    });
  }
}

async function read(tx: Tx, { workspaceId }: WorkspaceContext): Promise<InspectionPolicy> {
  const [policy] = await tx.query<InspectionPolicy[]>(
    'select injection, hidden_text as "hiddenText" from knowledge_policies where workspace_id = $1',
    [workspaceId],
  );
  return policy ?? DEFAULT_INSPECTION_POLICY;
}
