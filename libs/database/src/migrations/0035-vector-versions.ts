import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const FUNCTION = 'list_outdated_vectors(text, integer, integer)';
const VERSION_COLUMNS = 'vector_model, prefix_version';
const DOCUMENT_COLUMNS = 'workspace_id, id, live_version';

/** What the vectors of a version are of, and which live documents have others than those of today's model. */
export class VectorVersions1763770000035 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table chunk_vectors add column prefix_version integer not null default 1;
      alter table document_versions add column embedded_at timestamptz, add column vector_model text,
        add column prefix_version integer;
      grant select (${VERSION_COLUMNS}) on document_versions to ${LOOKUP_ROLE};
      grant select (${DOCUMENT_COLUMNS}) on documents to ${LOOKUP_ROLE};
      create policy documents_look_up on documents for select to ${LOOKUP_ROLE} using (true);
      create function ${FUNCTION.replace('text, integer, integer', 'model text, prefix integer, at_most integer')}
      returns table (workspace_id uuid, document_id uuid, version integer, place bigint)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select found.workspace_id, found.id, found.live_version,
          row_number() over (partition by found.workspace_id order by found.id)
        from (
          select d.workspace_id, d.id, d.live_version
          from public.documents d
          join public.document_versions v
            on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.live_version
          where v.status = 'indexed' and (v.vector_model is distinct from $1 or v.prefix_version is distinct from $2)
          limit $3
        ) found
        order by 4, 2
      $$;
    `);
    await publishLookUps(db, [FUNCTION]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function ${FUNCTION};
      drop policy documents_look_up on documents;
      revoke select (${DOCUMENT_COLUMNS}) on documents from ${LOOKUP_ROLE};
      alter table document_versions drop column embedded_at, drop column vector_model, drop column prefix_version;
      alter table chunk_vectors drop column prefix_version;
    `);
  }
}
