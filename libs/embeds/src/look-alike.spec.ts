import { isLookAlike } from './look-alike';

describe('isLookAlike', () => {
  it.each([
    ['a Greek omicron among Latin letters', 'sh\u03bfp'],
    ['a Cyrillic a among Latin letters', 'p\u0430ypal'],
    ['nothing but Cyrillic copies', '\u0430\u0440\u0440\u04cf\u0435'],
    ['nothing but Greek copies', '\u03bf\u03c1\u03c5'],
    ['copies and digits', '\u0430-1'],
  ])('finds %s', (_name, label) => expect(isLookAlike(label)).toBe(true));

  it.each([
    ['plain letters', 'shop'],
    ['digits', '2026-1'],
    ['Latin letters with marks', 'bücher'],
    ['a Russian word', 'магазин'],
    ['a Greek word', 'κατάστημα'],
    ['Japanese with Latin letters', 'ショップjp'],
    ['Chinese', '商店'],
    ['Arabic', 'متجر'],
  ])('lets %s be', (_name, label) => expect(isLookAlike(label)).toBe(false));
});
