import { describeHostResolver } from '../testing/describe-host-resolver';
import { LocalNameServer } from '../testing/local-name-server';
import { LocalSite } from '../testing/local-site';
import { DnsResolver } from './dns-resolver';
import { SafeFetch } from './safe-fetch';

describe('A name server', () => {
  const server = new LocalNameServer();
  let address: string;
  beforeAll(async () => {
    address = await server.start();
  });
  afterAll(() => server.stop());

  describeHostResolver('DnsResolver', async (names) => {
    for (const [name, addresses] of Object.entries(names)) server.names.set(name, addresses);
    return new DnsResolver([address]);
  });
});

describe('Names over DNS', () => {
  const server = new LocalNameServer();
  const { signal } = new AbortController();
  let resolver: DnsResolver;

  beforeAll(async () => {
    resolver = new DnsResolver([await server.start()]);
  });
  afterEach(() => {
    server.names.clear();
    server.asked.length = 0;
  });
  afterAll(() => server.stop());

  it('give the addresses of both families', async () => {
    server.names.set('both.test', ['192.0.2.1', '2001:db8:0:0:0:0:0:1', '192.0.2.2']);
    server.names.set('one.test', ['192.0.2.1']);
    expect(await resolver.resolve('both.test', signal)).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
    expect(await resolver.resolve('one.test', signal)).toEqual(['192.0.2.1']);
  });

  it('that nobody has give nothing, and the machine’s search list is not tried', async () => {
    expect(await resolver.resolve('none.test', signal)).toEqual([]);
    expect([...server.asked].sort()).toEqual(['none.test 1', 'none.test 28']);
  });

  it('that a server can not tell are an error', async () => {
    server.names.set('broken.test', 'failure');
    await expect(resolver.resolve('broken.test', signal)).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });

  it('are not waited for after the signal', async () => {
    server.names.set('silent.test', 'silence');
    const stop = new AbortController();
    const reason = new Error('enough');
    const answer = resolver.resolve('silent.test', stop.signal);
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await expect(resolver.resolve('silent.test', stop.signal)).rejects.toBe(reason);
  });

  it('F08 that change between two questions reach nothing inside', async () => {
    const site = await new LocalSite().start();
    const canary = await new LocalSite({ address: '127.0.0.2', port: site.port }).start();
    site.html('/', 'public');
    const fetcher = new SafeFetch({
      environment: 'test',
      contactUrl: null,
      resolver,
      exceptions: { endpoints: [site.endpoint] },
    });
    const get = () => fetcher.get(`http://rebind.test:${site.port}/`, { accept: ['text/html'] });
    try {
      server.names.set('rebind.test', ['127.0.0.1']);
      expect(await get()).toMatchObject({ kind: 'content' });
      expect([...server.asked].sort()).toEqual(['rebind.test 1', 'rebind.test 28']);
      for (const answer of [['127.0.0.2'], ['127.0.0.1', '127.0.0.2'], ['127.0.0.1', '0:0:0:0:0:ffff:7f00:2']]) {
        server.names.set('rebind.test', answer);
        await expect(get()).rejects.toMatchObject({ code: 'source.unreachable' });
      }
      expect(site.connections).toBe(1);
      expect(canary.connections).toBe(0);
    } finally {
      await site.stop();
      await canary.stop();
    }
  });
});
