import { spawnSync } from 'node:child_process';

const DEFAULT_URL = 'postgres://postgres@127.0.0.1:5432/postgres';

/** A superuser's URL of the server that tests make their databases on. TEST_DATABASE_URL names another than the local one. */
export const postgresUrl = (): string => process.env['TEST_DATABASE_URL'] ?? DEFAULT_URL; // tests have no main.ts to read it

let isReachable: boolean | undefined;

/** Whether the server answers, found out without waiting: Jest wants to know all tests before the first one runs. */
export function isPostgresReachable(): boolean {
  isReachable ??= connects(new URL(postgresUrl()));
  return isReachable;
}

function connects({ hostname, port }: URL): boolean {
  const script = `require('node:net').connect(${Number(port || 5432)}, ${JSON.stringify(hostname)})
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 2000)`;
  return spawnSync(process.execPath, ['-e', script], { env: {} }).status === 0;
}
