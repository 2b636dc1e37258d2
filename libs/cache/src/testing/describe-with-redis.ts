import { spawnSync } from 'node:child_process';

export const TEST_REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

const PROBE = `require('node:net').connect({ host: process.argv[1], port: +process.argv[2] })
  .once('connect', () => process.exit(0)).once('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000)`;

/** Asked in a process of its own, because Jest wants to know its tests before anything asynchronous runs. */
function isReachable(): boolean {
  const { hostname, port } = new URL(TEST_REDIS_URL);
  return spawnSync(process.execPath, ['-e', PROBE, hostname, port === '' ? '6379' : port]).status === 0;
}

/** A suite that needs a Redis at `TEST_REDIS_URL` (127.0.0.1:6379 by default); says so when it is skipped. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (isReachable()) describe(name, suite);
  else describe.skip(`${name} (skipped: no Redis at ${new URL(TEST_REDIS_URL).host})`, suite);
}
