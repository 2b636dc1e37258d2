import { decodeText } from './decode-text';

const refusal = { code: 'document.type-mismatch' };

describe('decodeText', () => {
  const text = 'Größe: 5 €, привет, 払い戻し';

  it('reads UTF-8 with and without a byte order mark', () => {
    expect(decodeText(Buffer.from(text))).toBe(text);
    expect(decodeText(Buffer.from(`\ufeff${text}`))).toBe(text);
  });

  it('reads UTF-16 of both byte orders', () => {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(decodeText(little)).toBe(text);
    expect(decodeText(Buffer.from(little).swap16())).toBe(text);
  });

  it('guesses an old charset', () => {
    const german = 'Die Rückerstattung erfolgt nach fünf Tagen. Bitte prüfen Sie Ihr Konto regelmäßig. '.repeat(5);
    expect(decodeText(Buffer.from(german, 'latin1'))).toBe(german);
  });

  it('believes a charset the format names', () => {
    expect(decodeText(Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), 'windows-1251')).toBe('Привет');
  });

  it('does not stumble over a charset nobody knows', () => {
    expect(decodeText(Buffer.from('caf\u00e9 au lait', 'latin1'), 'x-unheard-of')).toMatch(/^caf. au lait$/);
  });

  it.each([
    ['a NUL', Buffer.from('text\0text')],
    ['control characters', Buffer.from('\u0001\u0002\u0003 text')],
    ['a NUL in UTF-16', Buffer.from('\ufefftext\0text', 'utf16le')],
    ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x41])],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeText(bytes)).toThrow(expect.objectContaining(refusal));
  });
});
