import { deriveKey, hmacSha256, sha256 } from './digests';
import { isSameSecret } from './is-same-secret';
import { randomToken } from './random-token';

describe('digests', () => {
  it('hashes like FIPS 180-4 says', () => {
    expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(Buffer.from('abc'))).toEqual(sha256('abc'));
  });

  it('signs like RFC 4231 test case 2 says', () => {
    expect(hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('derives one 32-byte key a purpose, the same each time', () => {
    const master = Buffer.alloc(32, 7);
    expect(deriveKey(master, 'cursors')).toHaveLength(32);
    expect(deriveKey(master, 'cursors')).toEqual(deriveKey(master, 'cursors'));
    expect(deriveKey(master, 'cursors')).not.toEqual(deriveKey(master, 'visitors'));
    expect(deriveKey(Buffer.alloc(32, 8), 'cursors')).not.toEqual(deriveKey(master, 'cursors'));
  });

  it('derives nothing from a short master key or for no purpose', () => {
    expect(() => deriveKey(Buffer.alloc(31), 'cursors')).toThrow('32 bytes');
    expect(() => deriveKey(Buffer.alloc(32), '')).toThrow('purpose');
  });
});

describe('randomToken', () => {
  it('is the prefix and 43 characters of base64url', () => {
    expect(randomToken('cc_pub_')).toMatch(/^cc_pub_[A-Za-z0-9_-]{43}$/);
    expect(randomToken()).toHaveLength(43);
  });

  it('never repeats', () => {
    expect(new Set(Array.from({ length: 1000 }, () => randomToken())).size).toBe(1000);
  });
});

describe('isSameSecret', () => {
  it('compares text and bytes of any lengths', () => {
    expect(isSameSecret('token', 'token')).toBe(true);
    expect(isSameSecret('token', Buffer.from('token'))).toBe(true);
    expect(isSameSecret('token', 'tokem')).toBe(false);
    expect(isSameSecret('token', 'token-and-more')).toBe(false);
    expect(isSameSecret('', 'token')).toBe(false);
  });
});
