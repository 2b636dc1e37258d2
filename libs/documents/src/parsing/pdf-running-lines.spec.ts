import { withoutRunningLines } from './pdf-running-lines';

const pagesOf = (count: number, body: (page: number) => string[]) =>
  Array.from({ length: count }, (_, i) =>
    ['Acme Manual', ...body(i + 1), `Page ${i + 1} of ${count}`].map((text) => ({ text, size: 10, y: 0 })),
  );
const texts = (pages: ReturnType<typeof withoutRunningLines>) => pages.map((lines) => lines.map(({ text }) => text));
const body = (page: number) => ['a', 'b', 'c', 'd'].map((letter) => `Text ${letter.repeat(page)}`);

describe('withoutRunningLines', () => {
  it('keeps headers and footers once and drops them from the other pages', () => {
    expect(texts(withoutRunningLines(pagesOf(4, body)))).toEqual([
      ['Acme Manual', ...body(1), 'Page 1 of 4'],
      body(2),
      body(3),
      body(4),
    ]);
  });

  it('leaves short documents, and lines in the middle of pages, alone', () => {
    const two = pagesOf(2, body);
    expect(withoutRunningLines(two)).toEqual(two);
    const middle = pagesOf(5, (page) => [...body(page), 'Warning', ...body(page + 10)]);
    for (const lines of texts(withoutRunningLines(middle))) expect(lines).toContain('Warning');
  });
});
