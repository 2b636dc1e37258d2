import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../migrations';
import { GROUP_ROLE, OWNER_ROLE, quoteLiteral, ROLES_SQL } from './roles';

/**
 * Everything the migrate command does to an empty database but the job queue's own tables, as a script for psql: roles
 * and privileges, then each migration with its tables, policies and grants. It is made from what the command runs.
 */
export async function migrationSql(): Promise<string> {
  const migrations = await Promise.all(MIGRATIONS.map(scriptOf));
  return [
    ROLES_SQL,
    `set role ${OWNER_ROLE};`,
    'create table if not exists migrations (id serial primary key, timestamp bigint not null, name varchar not null);',
    ...migrations,
    `revoke all on migrations from public;\ngrant select on migrations to ${GROUP_ROLE};`,
    'reset role;',
    '',
  ].join('\n\n');
}

async function scriptOf(Migration: (typeof MIGRATIONS)[number]): Promise<string> {
  const statements: string[] = [];
  const recorder = {
    query: async (sql: string, parameters?: unknown[]) => {
      if (parameters) throw new Error(`${Migration.name} has a statement with parameters, which no script can hold`);
      statements.push(`${sql.trim().replace(/;$/, '')};`);
      return [];
    },
  };
  // Migrations are plain SQL: nothing but `query` is asked of it.
  await new Migration().up(recorder as unknown as QueryRunner);
  const timestamp = /\d{13}$/.exec(Migration.name)?.[0] ?? '0';
  return [
    `-- ${Migration.name}`,
    'begin;',
    ...statements,
    `insert into migrations (timestamp, name) values (${timestamp}, ${quoteLiteral(Migration.name)});`,
    'commit;',
  ].join('\n');
}
