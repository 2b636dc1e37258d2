import { parseUrl } from './parse-url';

describe('parseUrl', () => {
  it('says the same of a name with Latin letters however often it is asked', () => {
    const names = ['https://bücher.example', 'https://shop.example.com'];
    const misread = Array.from({ length: 300_000 }, (_, turn) => parseUrl(names[turn % 2] ?? '')).filter((url) => !url);
    expect(misread).toEqual([]);
  });

  it.each(['', 'shop.example.com', 'https://', '/path'])('finds no address in %p', (text) => {
    expect(parseUrl(text)).toBeNull();
  });
});
