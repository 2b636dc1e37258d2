import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** What a workspace wants done with documents in which the inspection finds something. Without a row: flagged. */
export class KnowledgePolicies1763770000031 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table knowledge_policies (
        workspace_id uuid primary key references workspaces (id) on delete cascade,
        injection text not null check (injection in ('flag', 'quarantine')),
        hidden_text text not null check (hidden_text in ('flag', 'quarantine')),
        updated_at timestamptz not null
      )
    `);
    await protectTenantTable(db, 'knowledge_policies');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table knowledge_policies');
  }
}
