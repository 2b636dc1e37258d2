import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addRotationLookUps, dropRotationLookUps, type RotatedTable } from '../rotation/add-rotation-look-ups';

const ROTATED: readonly RotatedTable[] = [
  { table: 'messages', columns: ['text', 'citations'], rowId: 'id', owner: 'workspace_id' },
  { table: 'users', columns: ['email', 'name'], rowId: 'id', owner: 'id' },
  { table: 'pending_registrations', columns: ['payload'], rowId: 'id', owner: 'id' },
  { table: 'sessions', columns: ['ip', 'user_agent'], rowId: 'id', owner: 'user_id' },
  { table: 'invitations', columns: ['email'], rowId: 'id', owner: 'workspace_id' },
  { table: 'audit_addresses', columns: ['address'], rowId: 'event_id', owner: 'workspace_id' },
  { table: 'second_factors', columns: ['secret'], rowId: 'user_id', owner: 'user_id' },
  { table: 'user_identities', columns: ['subject'], rowId: 'id', owner: 'user_id' },
];

/** What `keys:rotate` asks before it knows whose rows it changes. A later sealed column brings its own look-up along. */
export class KeyRotation1763770000013 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const table of ROTATED) await addRotationLookUps(db, table);
    // Look-ups go through a table by owner and row; the primary key of the others is, or starts with, just that.
    await db.query('create index audit_addresses_by_event on audit_addresses (workspace_id, event_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index audit_addresses_by_event');
    for (const table of ROTATED) await dropRotationLookUps(db, table);
  }
}
