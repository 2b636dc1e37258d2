import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Control and formatting characters, which paths were kept with. */
const INVISIBLE = String.raw`[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]`;

/** A document of an archive knows the folder it lay in there; those that came before learn it from the report. */
export class DocumentFolders1763770000037 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table documents add column folder text;
      alter table documents no force row level security;
      alter table bulk_upload_files no force row level security;
      update documents d
        set folder = nullif(right(regexp_replace(regexp_replace(f.path, '/[^/]*$', ''), '${INVISIBLE}', '', 'g'), 500), '')
        from bulk_upload_files f
        where f.workspace_id = d.workspace_id and f.id = d.id and position('/' in f.path) > 1;
      alter table documents force row level security;
      alter table bulk_upload_files force row level security;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table documents drop column folder');
  }
}
