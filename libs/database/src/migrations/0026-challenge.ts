import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a new session of an embed costs its visitor's device work. */
export class Challenge1763770000026 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table embeds add column challenge text not null default 'suspicious'
        check (challenge in ('never', 'suspicious', 'always'))
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table embeds drop column challenge');
  }
}
