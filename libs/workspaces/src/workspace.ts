import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant. Row-level security shows it inside itself alone. */
@Entity('workspaces')
export class Workspace {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;
}
