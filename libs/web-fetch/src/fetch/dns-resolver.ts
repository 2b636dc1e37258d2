import { Resolver } from 'node:dns/promises';
import { HostResolver } from './host-resolver';
import { systemCodeOf } from './system-code';

const TRY_MS = 2_000;
const TRIES = 2;
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks the machine's name servers over the network. Not `dns.lookup`: that also reads the hosts file and the search list,
 * where names of neighbours are, and its four threads, which files and passwords use too, could be kept waiting by a slow
 * name server of a stranger.
 */
export class DnsResolver extends HostResolver {
  /** @param servers `address:port`; without any, the ones the machine is set up with */
  constructor(private readonly servers: readonly string[] = []) {
    super();
  }

  async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (this.servers.length > 0) resolver.setServers(this.servers);
    const cancel = (): void => resolver.cancel();
    signal.throwIfAborted();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const families = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      signal.throwIfAborted();
      const addresses = families.flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
      if (addresses.length === 0) mustHaveAnswered(families);
      return addresses;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

function mustHaveAnswered(families: readonly PromiseSettledResult<string[]>[]): void {
  for (const family of families) {
    if (family.status === 'rejected' && !NO_SUCH_NAME.has(systemCodeOf(family.reason))) throw family.reason;
  }
}
