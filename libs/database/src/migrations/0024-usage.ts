import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/**
 * What a workspace, and each of its embeds, may use, and what was used. A reservation lives as long as the answer that is
 * being written, and goes with it, so what is reserved is always the sum of what is there.
 */
export class Usage1763770000024 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table usage_limits (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        embed_id uuid,
        messages_per_minute integer check (messages_per_minute > 0),
        messages_per_hour integer check (messages_per_hour > 0),
        tokens_per_day bigint check (tokens_per_day >= 0),
        tokens_per_month bigint check (tokens_per_month >= 0),
        cost_micros_per_day bigint check (cost_micros_per_day >= 0),
        cost_micros_per_month bigint check (cost_micros_per_month >= 0),
        model_calls_per_day bigint check (model_calls_per_day >= 0),
        model_calls_per_month bigint check (model_calls_per_month >= 0),
        visitor_tokens_per_day bigint check (visitor_tokens_per_day >= 0),
        updated_at timestamptz not null,
        unique nulls not distinct (workspace_id, embed_id),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create table usage_counters (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        embed_id uuid,
        visitor_id uuid,
        period text not null check (period in ('day', 'month')),
        starts_on date not null,
        tokens bigint not null default 0 check (tokens >= 0),
        cost_micros bigint not null default 0 check (cost_micros >= 0),
        model_calls bigint not null default 0 check (model_calls >= 0),
        notices text[] not null default '{}',
        unique nulls not distinct (workspace_id, period, starts_on, embed_id, visitor_id),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade,
        foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade
      );
      create index usage_counters_of_embed on usage_counters (workspace_id, embed_id);
      create index usage_counters_of_visitor on usage_counters (workspace_id, visitor_id);
      create table usage_reservations (
        workspace_id uuid not null,
        answer_id uuid not null,
        embed_id uuid not null,
        visitor_id uuid not null,
        day date not null,
        tokens bigint not null check (tokens >= 0),
        cost_micros bigint not null check (cost_micros >= 0),
        model_calls bigint not null check (model_calls >= 0),
        primary key (workspace_id, answer_id),
        foreign key (workspace_id, answer_id) references messages (workspace_id, id) on delete cascade
      );
    `);
    for (const table of ['usage_limits', 'usage_counters', 'usage_reservations']) await protectTenantTable(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table usage_reservations, usage_counters, usage_limits');
  }
}
