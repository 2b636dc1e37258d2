import { FakeClock } from '@app/kernel/testing';

import { Totp } from './totp';

// RFC 6238, appendix B: the secret of its SHA-1 vectors, in base 32. The last six of its eight digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('one-time codes of a second factor', () => {
  const at = (seconds: number) => new Totp(new FakeClock(new Date(seconds * 1000)));

  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('at %i are those of RFC 6238', async (seconds, code, step) => {
    expect(await at(seconds).match(SECRET, code, 0)).toBe(step);
    expect(await at(seconds).match(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, 0)).toBe(step);
  });

  it.each([
    [1_234_567_890 - 31, null],
    [1_234_567_890 - 30, 41_152_263],
    [1_234_567_890 + 59, 41_152_263],
    [1_234_567_890 + 60, null],
  ])('are good one step before and after their own, at %i', async (seconds, step) => {
    expect(await at(seconds).match(SECRET, '005924', 0)).toBe(step);
  });

  it('are good once: a step that was used, and every older one, is refused', async () => {
    const totp = at(1_234_567_890);
    expect(await totp.match(SECRET, '005924', 41_152_262)).toBe(41_152_263);
    expect(await totp.match(SECRET, '005924', 41_152_263)).toBeNull();
    expect(await totp.match(SECRET, '005924', 41_152_264)).toBeNull();
  });

  it.each(['', '00592', '0059245', '00592a', '٠٠٥٩٢٤', '-05924', '5924'])('are six digits, not %p', async (text) => {
    expect(await at(1_234_567_890).match(SECRET, text, 0)).toBeNull();
  });

  it('come from 160 random bits, in an address that apps read', async () => {
    const totp = at(0);
    const [one, two] = [await totp.newSecret(), await totp.newSecret()];
    expect(one).toMatch(/^[A-Z2-7]{32}$/);
    expect(one).not.toBe(two);
    const address = new URL(await totp.addressOf(one, 'ann@example.com'));
    expect([address.protocol, address.host, address.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', one]);
    expect(address.searchParams.get('issuer')).toBe('CustomerCare');
  });
});
