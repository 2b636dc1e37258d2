import { readForwardedFor } from './forwarded-for';

describe('readForwardedFor', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['203.0.113.7', ['203.0.113.7']],
    ['203.0.113.7, 198.51.100.1', ['203.0.113.7', '198.51.100.1']],
    [
      ['203.0.113.7', '198.51.100.1'],
      ['203.0.113.7', '198.51.100.1'],
    ],
    ['4.4.4.4:1234', ['4.4.4.4']],
    ['[2001:db8::2]:5, [2001:db8::3], 2001:db8::4', ['2001:db8::2', '2001:db8::3', '2001:db8::4']],
    ['::ffff:4.4.4.4', ['::ffff:4.4.4.4']],
  ])('H09 reads %p as %p', (header, addresses) => expect(readForwardedFor(header)).toEqual(addresses));

  it.each(['garbage', 'unknown', '"4.4.4.4"', '4.4.4.4:x', '999.1.1.1', 'a'.repeat(2_000), '[::1', '4.4.4.4:'])(
    'H09 takes %p for no address, and believes nothing left of it',
    (bad) => {
      expect(readForwardedFor(bad)).toEqual([]);
      expect(readForwardedFor(`203.0.113.7, ${bad}, 198.51.100.1`)).toEqual(['198.51.100.1']);
      expect(readForwardedFor(`198.51.100.1, ${bad}`)).toEqual([]);
    },
  );

  it('H09 reads twenty hops and no more', () => {
    const hops = Array.from({ length: 30 }, (_, n) => `203.0.113.${n}`);
    expect(readForwardedFor(hops.join(', '))).toEqual(hops.slice(-20));
  });
});
