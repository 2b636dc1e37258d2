import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which pages, slides, sheets or chapters of a version were not read: the first of them, and how many there are. */
export class PartNotices1763770000036 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table document_versions add column notices jsonb not null default '[]',
        add column notice_count integer not null default 0;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table document_versions drop column notices, drop column notice_count;`);
  }
}
