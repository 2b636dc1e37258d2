import { WorkspaceDb } from '@app/database';
import { type Role, WorkspaceAccess } from '@app/http';
import { Injectable } from '@nestjs/common';

import { WorkspaceMember } from './workspace-member';

/** Reads the role anew for each request, by the primary key: a removed member is out with the next one. */
@Injectable()
export class MembershipAccess extends WorkspaceAccess {
  constructor(private readonly db: WorkspaceDb) {
    super();
  }

  async roleOf(userId: string, workspaceId: string): Promise<Role | null> {
    const member = await this.db.run({ workspaceId, actor: { type: 'user', id: userId } }, (tx) =>
      tx.getRepository(WorkspaceMember).findOneBy({ workspaceId, userId }),
    );
    return member?.role ?? null;
  }
}
