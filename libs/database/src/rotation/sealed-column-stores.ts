import type { KeyRing, SealedStore } from '@app/crypto';
import type { Database } from '../database';
import { SEALED_COLUMNS } from '../sealed-columns';
import { SystemDb } from '../system-db';
import { WorkspaceDb } from '../workspace-db';
import { SealedColumnStore } from './sealed-column-store';

/** Every sealed column of the database, for `keys:rotate`. */
export function sealedColumnStores(database: Database, ring: KeyRing): SealedStore[] {
  const both = { db: new WorkspaceDb(database), systemDb: new SystemDb(database) };
  return SEALED_COLUMNS.map((column) => new SealedColumnStore(column, both, ring));
}
