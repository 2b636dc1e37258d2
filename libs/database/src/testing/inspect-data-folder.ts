import type { Client } from 'pg';
import { openEmbedded } from '../open-embedded';
import { withClient } from '../provision/prepare-database';

/** Looks at the embedded database of a product that has been stopped, as its superuser. */
export async function inspectDataFolder<T>(dataDir: string, work: (client: Client) => Promise<T>): Promise<T> {
  const access = await openEmbedded(dataDir, []);
  try {
    return await withClient(access.allowSuperuser(), work);
  } finally {
    await access.close();
  }
}
