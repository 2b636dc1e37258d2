import type { Role } from '@app/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who belongs to a workspace, and as what. */
@Entity('workspace_members')
export class WorkspaceMember {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  role: Role;
}
