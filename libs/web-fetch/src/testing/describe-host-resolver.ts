import type { HostResolver } from '../fetch/host-resolver';

/** What every `HostResolver` promises. `create` makes one that knows the names given, and no others. */
export function describeHostResolver(
  name: string,
  create: (names: Readonly<Record<string, readonly string[]>>) => Promise<HostResolver>,
): void {
  describe(`${name} as a host resolver`, () => {
    const { signal } = new AbortController();
    let resolver: HostResolver;

    beforeEach(async () => {
      resolver = await create({ 'both.test': ['192.0.2.1', '2001:db8:0:0:0:0:0:1', '192.0.2.2'] });
    });

    it('gives all addresses of both families, as numbers', async () => {
      const addresses = await resolver.resolve('both.test', signal);
      const spelled = addresses.map((address) =>
        address.includes(':') ? new URL(`http://[${address}]`).host : address,
      );
      expect(spelled.sort()).toEqual(['192.0.2.1', '192.0.2.2', '[2001:db8::1]']);
    });

    it('gives none of a name that nobody has', async () => {
      expect(await resolver.resolve('none.test', signal)).toEqual([]);
    });

    it('stops with the reason of the signal', async () => {
      const reason = new Error('enough');
      await expect(resolver.resolve('both.test', AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
