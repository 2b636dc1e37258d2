import type { Database } from '../database';
import { ISOLATION_RULES } from './isolation-rules';

/**
 * What in the open database breaks the rules that keep tenants apart, as `rule: thing`; empty when nothing does. It
 * reads the catalogue as the application's own login, so it also judges what that login may do. It finds a table
 * that a migration forgot to protect, because it asks for all tables and not for the known ones.
 */
export async function findIsolationFaults({ dataSource }: Pick<Database, 'dataSource'>): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, sql } of ISOLATION_RULES) {
    const rows = await dataSource.query<{ fault: string }[]>(sql);
    faults.push(...rows.map(({ fault }) => `${name}: ${fault}`));
  }
  return faults;
}
