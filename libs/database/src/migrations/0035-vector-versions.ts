import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

/** Columns the look-up role reads beside those it could, and of tables that had no policy for it. */
const READABLE: Record<string, string> = {
  documents: 'workspace_id, id, live_version',
  chunks: 'workspace_id, id, document_id, version, language',
  chunk_vectors: 'workspace_id, chunk_id, model, prefix_version',
};

/** How the text of a vector was put together, and which live documents have passages without a vector of today's model. */
export class VectorVersions1763770000035 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table chunk_vectors add column prefix_version integer not null default 1;
      alter table document_versions add column embedded_at timestamptz;
    `);
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(`
        grant select (${columns}) on ${table} to ${LOOKUP_ROLE};
        create policy ${table}_look_up on ${table} for select to ${LOOKUP_ROLE} using (true);
      `);
    }
    await db.query(`
      create function list_outdated_vectors(model text, prefix integer, languages text[], at_most integer)
      returns table (workspace_id uuid, document_id uuid, version integer, place bigint)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select d.workspace_id, d.id, d.live_version, row_number() over (partition by d.workspace_id order by d.id)
        from public.documents d
        where exists (
          select from public.chunks c
          where c.workspace_id = d.workspace_id and c.document_id = d.id and c.version = d.live_version
            and (c.language is null or c.language = any($3))
            and not exists (
              select from public.chunk_vectors v where v.workspace_id = c.workspace_id and v.chunk_id = c.id
                and v.model = $1 and v.prefix_version = $2))
        order by 4, d.id limit $4
      $$;
    `);
    await publishLookUps(db, ['list_outdated_vectors(text, integer, text[], integer)']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function list_outdated_vectors(text, integer, text[], integer)');
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(
        `drop policy ${table}_look_up on ${table}; revoke select (${columns}) on ${table} from ${LOOKUP_ROLE}`,
      );
    }
    await db.query(`
      alter table document_versions drop column embedded_at;
      alter table chunk_vectors drop column prefix_version;
    `);
  }
}
