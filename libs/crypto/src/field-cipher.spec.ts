import { randomBytes } from 'node:crypto';

import { FieldCipher, type FieldPlace } from './field-cipher';
import { KeyRing } from './key-ring';

const [old, young] = [
  { kid: 'old', key: randomBytes(32) },
  { kid: 'young', key: randomBytes(32) },
];
const place: FieldPlace = { table: 'users', column: 'email', rowId: 'row-1', workspaceId: 'workspace-1' };
const unreadable = expect.objectContaining({ code: 'data.unreadable' });

describe('A26 field encryption', () => {
  const cipher = new FieldCipher(new KeyRing([old]));
  const sealed = cipher.seal(place, 'anna@example.com');

  it('opens what it sealed, also nothing and every script', () => {
    expect(cipher.open(place, sealed)).toBe('anna@example.com');
    for (const text of ['', 'Ünïcödé 漢字 🦦', 'v1.old.x.y.z'])
      expect(cipher.open(place, cipher.seal(place, text))).toBe(text);
    expect(cipher.openNullable(place, cipher.sealNullable(place, null))).toBeNull();
  });

  it('says its version and key, never the text, and never the same twice', () => {
    expect(sealed).toMatch(/^v1\.old\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}$/);
    expect(sealed.startsWith(cipher.currentPrefix)).toBe(true);
    expect(cipher.seal(place, 'anna@example.com')).not.toBe(sealed);
  });

  it.each<[string, Partial<FieldPlace>]>([
    ['table', { table: 'visitors' }],
    ['column', { column: 'name' }],
    ['row', { rowId: 'row-2' }],
    ['workspace', { workspaceId: 'workspace-2' }],
    ['workspace into none', { workspaceId: null }],
  ])('refuses a value moved to another %s', (_, other) => {
    expect(() => cipher.open({ ...place, ...other }, sealed)).toThrow(unreadable);
  });

  it('refuses a changed bit anywhere in nonce, text or tag', () => {
    const parts = sealed.split('.');
    for (const part of [2, 3, 4]) {
      const bytes = Buffer.from(parts[part] ?? '', 'base64url');
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8((bytes[index] ?? 0) ^ 1, index);
        const forged = parts.with(part, changed.toString('base64url')).join('.');
        expect(() => cipher.open(place, forged)).toThrow(unreadable);
      }
    }
  });

  it('refuses a second spelling of the same bytes', () => {
    const other = (char: string): string => (char === 'A' ? 'B' : 'A');
    for (let index = 0; index < sealed.length; index += 1) {
      const forged = sealed.slice(0, index) + other(sealed.charAt(index)) + sealed.slice(index + 1);
      expect(() => cipher.open(place, forged)).toThrow(unreadable);
    }
    for (const forged of [`${sealed}=`, `${sealed}\n`, ` ${sealed}`, sealed.replace(/-?$/, ' ')])
      expect(() => cipher.open(place, forged)).toThrow(unreadable);
  });

  it('refuses a shortened tag of every length, although its bytes are right', () => {
    const parts = sealed.split('.');
    const tag = Buffer.from(parts[4] ?? '', 'base64url');
    for (let length = 0; length < 16; length += 1) {
      const forged = parts.with(4, tag.subarray(0, length).toString('base64url')).join('.');
      expect(() => cipher.open(place, forged)).toThrow(unreadable);
    }
  });

  it.each(['', 'anna@example.com', 'v1', 'v1.old', 'v2.old.a.b.c', `${'v1.other.'}a.b.c`, `x`.repeat(10_000)])(
    'refuses "%.20s", which is not sealed',
    (text) => {
      expect(() => cipher.open(place, text)).toThrow(unreadable);
      expect(() => cipher.open(place, `${sealed}.x`)).toThrow(unreadable);
    },
  );

  it('opens with every key of the ring, seals with the first, and with neither once the key is gone', () => {
    const rotating = new FieldCipher(new KeyRing([young, old]));
    expect(rotating.open(place, sealed)).toBe('anna@example.com');
    expect(rotating.seal(place, 'x').startsWith('v1.young.')).toBe(true);
    expect(() => new FieldCipher(new KeyRing([young])).open(place, sealed)).toThrow(unreadable);
  });
});
