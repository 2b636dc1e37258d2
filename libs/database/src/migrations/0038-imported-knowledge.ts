import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an import brings beside files: titles that were given to documents, and snippets among the lines of an archive. */
export class ImportedKnowledge1763770000038 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table document_versions add column given_title text;
      alter table bulk_upload_files add column kind text not null default 'file' check (kind in ('file', 'snippet'));
    `);
  }

  /** What is known of imported snippets is lost; they themselves stay. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table bulk_upload_files no force row level security;
      delete from bulk_upload_files where kind = 'snippet';
      alter table bulk_upload_files force row level security;
      alter table bulk_upload_files drop column kind;
      alter table document_versions drop column given_title;
    `);
  }
}
