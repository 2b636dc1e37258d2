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

  it('reads UTF-16 without a mark, and UTF-32 with one', () => {
    const western = 'Größe: 5 Euro, bitte prüfen';
    const little = Buffer.from(western, 'utf16le');
    expect(decodeText(little)).toBe(western);
    expect(decodeText(Buffer.from(little).swap16())).toBe(western);
    const wide = Buffer.concat(
      [...`\ufeff${text}😀`].map((c) => Buffer.from(Uint32Array.of(c.codePointAt(0) ?? 0).buffer)),
    );
    expect(decodeText(wide)).toBe(`${text}😀`);
    expect(decodeText(Buffer.from(wide).swap32())).toBe(`${text}😀`);
  });

  // Of each charset one short sentence, as `iconv` writes it.
  it.each([
    ['Shift_JIS', '96bc914f2c944e97ee2c8f5a8f8a', '名前,年齢,住所'],
    [
      'windows-1251',
      'c2eee7e2f0e0f220e4e5ede5e320e7e0ede8ece0e5f220effff2fc20e4ede5e9',
      'Возврат денег занимает пять дней',
    ],
    [
      'windows-1252',
      '93446f6e9274207061792c9420736169642074686520636166e9206f776e65722e',
      '“Don’t pay,” said the café owner.',
    ],
    [
      'EUC-KR',
      'c8afbad2c0ba20bfb5bef7c0cf20b1e2c1d82035c0cfc0cc20b0c9b8b3b4cfb4d9',
      '환불은 영업일 기준 5일이 걸립니다',
    ],
    ['KOI8-R', 'f7cfdad7d2c1d420c4c5cec5c720dac1cec9cdc1c5d420d0d1d4d820c4cec5ca', 'Возврат денег занимает пять дней'],
    ['windows-1250', '5a77726f74207069656e69ea647a79', 'Zwrot pieniędzy'],
  ])('guesses %s from a sentence', (_name, hex, expected) => {
    expect(decodeText(Buffer.from(hex, 'hex'))).toBe(expected);
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
