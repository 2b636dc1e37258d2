import { isPublicAddress } from './is-public-address';

describe('F08 Which addresses are public', () => {
  it.each([
    '93.184.216.34',
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::5e',
  ])('F08 %s is', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['this host', '0.0.0.0', '0.1.2.3', '::'],
    ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
    ['private networks', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd00:ec2::254', 'fc00::1'],
    ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
    ['site-local', 'fec0::1'],
    ['carrier-grade NAT', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
    ['multicast and broadcast', '224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
    ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    ['reserved', '192.0.0.192', '198.18.0.1', '240.0.0.1', '192.88.99.1', '100::1', '4000::1', '5f00::1', 'a000::1'],
    ['6to4 and Teredo', '2002:7f00:1::', '2002:808:808::', '2001:0:7f00:1::', '2001::1'],
    ['IPv4 in compatible and translated forms', '::127.0.0.1', '::8.8.8.8', '::ffff:0:127.0.0.1'],
    ['a cloud’s own', '168.63.129.16'],
  ])('F08 %s is not', (_what, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it('F08 IPv4 mapped into IPv6 or seen through NAT64 is judged by the inner address', () => {
    for (const prefix of ['::ffff:', '64:ff9b::']) {
      expect(isPublicAddress(`${prefix}8.8.8.8`)).toBe(true);
      for (const inner of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '168.63.129.16', '0.0.0.0']) {
        expect(isPublicAddress(`${prefix}${inner}`)).toBe(false);
      }
    }
    expect(isPublicAddress('::ffff:7f00:1')).toBe(false);
    expect(isPublicAddress('64:ff9b:1::8.8.8.8')).toBe(false);
  });

  it('F08 other spellings and names are never', () => {
    for (const text of [
      '2130706433',
      '0x8080808',
      '010.8.8.8',
      '8.8',
      '8.8.8.8 ',
      '[2606:4700::1111]',
      '',
      'example.com',
    ]) {
      expect(isPublicAddress(text)).toBe(false);
    }
  });
});
