import { randomBytes } from 'node:crypto';

import { KeyRing } from './key-ring';
import { KeyRingBox } from './key-ring-box';

const [old, young] = [
  { kid: 'old', key: randomBytes(32) },
  { kid: 'k'.repeat(32), key: randomBytes(32) },
];
const boxOf = (...keys: { kid: string; key: Buffer }[]): KeyRingBox => new KeyRingBox(new KeyRing(keys), 'files');
const unreadable = expect.objectContaining({ code: 'data.unreadable' });

describe('A26 encrypted files', () => {
  const box = boxOf(old);
  const plain = Buffer.from('%PDF-1.7 a price list');
  const sealed = box.seal(plain, 'place');

  it('open where they were sealed, also empty ones, and say which key they need', () => {
    expect(box.open(sealed, 'place')).toEqual(plain);
    expect(box.open(box.seal(Buffer.alloc(0), 'place'), 'place')).toEqual(Buffer.alloc(0));
    expect(box.kidOf(sealed.subarray(0, KeyRingBox.HEAD_BYTES))).toBe('old');
    expect(sealed.includes('price')).toBe(false);
  });

  it('open with every key of the ring, are sealed with the first, and with neither once the key is gone', () => {
    const rotating = boxOf(young, old);
    expect(rotating.open(sealed, 'place')).toEqual(plain);
    const resealed = rotating.seal(plain, 'place');
    expect(rotating.kidOf(resealed.subarray(0, KeyRingBox.HEAD_BYTES))).toBe(young.kid);
    expect(boxOf(young).open(resealed, 'place')).toEqual(plain);
    expect(() => boxOf(young).open(sealed, 'place')).toThrow(unreadable);
  });

  it('open nowhere else and for no other purpose', () => {
    expect(() => box.open(sealed, 'elsewhere')).toThrow(unreadable);
    expect(() => new KeyRingBox(new KeyRing([old]), 'others').open(sealed, 'place')).toThrow(unreadable);
  });

  it('refuse a changed bit anywhere and every cut', () => {
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((sealed[index] ?? 0) ^ 1, index);
      expect(() => box.open(changed, 'place')).toThrow(unreadable);
      expect(() => box.open(sealed.subarray(0, index), 'place')).toThrow(unreadable);
    }
  });

  it.each([Buffer.alloc(0), Buffer.from('%PDF-1.7'), Buffer.of(2, 255), Buffer.of(2, 2, 46, 47), randomBytes(200)])(
    'say nothing about bytes that are not ours',
    (bytes) => {
      const found = box.kidOf(bytes);
      expect([null, bytes.toString('latin1', 2, 2 + (bytes[1] ?? 0))]).toContain(found);
      expect(() => box.open(bytes, 'place')).toThrow(unreadable);
    },
  );
});
