import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '@app/kernel';
import type { HostResolver } from './host-resolver';

/** Connections are tried one after the other, so a name with hundreds of addresses would be a list of doors to knock at. */
const MAX_TRIED = 8;

/**
 * The lookup of one connection: asks once, judges all answers, and gives the socket exactly what was judged, so that a
 * second answer (DNS rebinding) is never asked for. One address that is not permitted refuses the name: whoever mixes
 * public and private ones bets on the order.
 *
 * A name that leads inside fails like one that leads nowhere (`source.unreachable`): the difference would tell strangers
 * which names there are inside. `cause` says it for the log, without name and address.
 */
export function pinnedLookup(
  resolver: HostResolver,
  isPermitted: (address: string) => boolean,
  signal: AbortSignal,
): LookupFunction {
  const judged = async (host: string): Promise<LookupAddress[]> => {
    const addresses = await resolver.resolve(host, signal);
    if (addresses.length === 0) throw unreachable('The name has no address');
    if (!addresses.every(isPermitted)) throw unreachable('The name leads to an address that is not public');
    return addresses.slice(0, MAX_TRIED).map((address) => ({ address, family: isIP(address) }));
  };
  return (host, { all }, callback) => {
    judged(host).then(
      (addresses) => {
        const [first] = addresses;
        if (all || !first) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}

const unreachable = (why: string): AppError => new AppError('source.unreachable', { cause: new Error(why) });
