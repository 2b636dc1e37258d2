import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant. Row-level security shows it inside itself alone. */
@Entity('workspaces')
export class Workspace {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** When an operator closed it to its members, programs and visitors. */
  @Column('timestamptz', { name: 'suspended_at', nullable: true })
  suspendedAt: Date | null;
}
