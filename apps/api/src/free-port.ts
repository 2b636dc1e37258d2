import { createServer } from 'node:net';

const TRIES = 20;

/** The first port from `port` upwards that nobody on `host` listens on. */
export async function freePort(port: number, host: string): Promise<number> {
  for (let candidate = port; candidate < port + TRIES; candidate++) {
    if (await isFree(candidate, host)) return candidate;
  }
  throw new Error(`Ports ${port} to ${port + TRIES - 1} are all in use. Set PORT to a free one.`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
