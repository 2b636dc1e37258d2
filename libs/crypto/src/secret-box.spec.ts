import { randomBytes } from 'node:crypto';

import { SecretBox } from './secret-box';

/** Version and nonce; the tag follows, and here nothing after it. */
const NONCE_END = 13;

describe('SecretBox', () => {
  const box = new SecretBox(randomBytes(32));
  const sealed = box.seal(Buffer.from('anna@example.com'), 'users.email:1');

  it('opens what it sealed', () => {
    expect(box.open(sealed, 'users.email:1').toString()).toBe('anna@example.com');
    expect(box.open(box.seal(Buffer.alloc(0), ''), '')).toHaveLength(0);
  });

  it('seals the same text to different bytes each time and never holds the text', () => {
    expect(box.seal(Buffer.from('anna@example.com'), 'users.email:1')).not.toEqual(sealed);
    expect(sealed.includes(Buffer.from('anna'))).toBe(false);
  });

  it('refuses a value moved to another place', () => {
    expect(() => box.open(sealed, 'users.email:2')).toThrow();
  });

  it('refuses another key', () => {
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'users.email:1')).toThrow();
  });

  it('refuses a change of any single byte', () => {
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((sealed[index] ?? 0) ^ 1, index);
      expect(() => box.open(changed, 'users.email:1')).toThrow();
    }
  });

  it('refuses a value cut to any length, so a shortened tag is never accepted', () => {
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open(sealed.subarray(0, length), 'users.email:1')).toThrow();
    }
  });

  it('refuses a tag of any shorter length, even when its bytes are right', () => {
    const empty = box.seal(Buffer.alloc(0), '');
    expect(box.open(empty, '')).toHaveLength(0);
    for (let length = NONCE_END; length < empty.length; length += 1) {
      expect(() => box.open(empty.subarray(0, length), '')).toThrow();
    }
  });

  it.each([0, 16, 31, 33])('refuses a key of %i bytes', (length) => {
    expect(() => new SecretBox(randomBytes(length))).toThrow('32 bytes');
  });
});
