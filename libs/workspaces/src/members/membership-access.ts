import { WorkspaceDb } from '@app/database';
import { type Standing, type StandingChange, WorkspaceAccess } from '@app/http';
import { Injectable } from '@nestjs/common';

import { StandingChanges } from './standing-changes';

/** Reads the role anew for each request, by primary keys: a removed member is out with the next one, on every node. */
@Injectable()
export class MembershipAccess extends WorkspaceAccess {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly changes: StandingChanges,
  ) {
    super();
  }

  override onChange(listener: (change: StandingChange) => void): Promise<() => Promise<void>> {
    return this.changes.subscribe(listener);
  }

  async roleOf(userId: string, workspaceId: string): Promise<Standing | null> {
    // `standing`: the table's check constraint allows the names of roles and nothing else.
    const [member] = await this.db.run<{ standing: Standing }[]>(
      { workspaceId, actor: { type: 'user', id: userId } },
      (tx) =>
        tx.query(
          `select case when workspace.suspended_at is null then member.role else 'suspended' end as standing
           from workspace_members member join workspaces workspace on workspace.id = member.workspace_id
           where member.workspace_id = $1 and member.user_id = $2`,
          [workspaceId, userId],
        ),
    );
    return member?.standing ?? null;
  }
}
