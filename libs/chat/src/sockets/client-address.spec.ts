import { ClientAddress, limitKeyOf } from './client-address';

const of = (trust: number | string[], remote: string, forwarded?: string): string =>
  new ClientAddress(trust).of(remote, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });

describe('ClientAddress', () => {
  it('believes nobody by default', () => {
    expect(of(0, '203.0.113.9', '1.1.1.1')).toBe('203.0.113.9');
    expect(of([], '203.0.113.9', '1.1.1.1')).toBe('203.0.113.9');
  });

  it.each([
    [1, '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    [2, '1.1.1.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    [2, '198.51.100.7', '198.51.100.7'],
    [1, undefined, '10.0.0.1'],
    [1, 'garbage', '10.0.0.1'],
    [1, '198.51.100.7:4711', '198.51.100.7'],
  ])('with %i hops and "%s" takes %s, never what stands further left', (hops, forwarded, expected) => {
    expect(of(hops, '10.0.0.1', forwarded)).toBe(expected);
  });

  it('walks through trusted ranges only', () => {
    const ranges = ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'];
    expect(of(ranges, '10.0.0.1', '1.1.1.1, 198.51.100.7, 192.0.2.1, 10.9.9.9')).toBe('198.51.100.7');
    expect(of(ranges, 'fd00::1', '2001:db8::7')).toBe('2001:db8::7');
    expect(of(ranges, '198.51.100.9', '1.1.1.1')).toBe('198.51.100.9');
    expect(of(ranges, '::ffff:10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
  });
});

describe('limitKeyOf', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s as %s', (address, key) => expect(limitKeyOf(address)).toBe(key));
});
