import { readLinks } from './read-links';

const read = async (html: string): Promise<{ links: string[]; canonical?: string }> => {
  const { links, canonical } = await readLinks(html, 'https://docs.example/help/');
  return { links: links.map(({ href }) => href), canonical: canonical?.href };
};

describe('Links of a page', () => {
  it('are those that a reader can follow, each once, in order', async () => {
    const html = `<A HREF=" one ">1</A><a href="one#x">1</a><map><area href='/two?a=1&amp;b=2'></map><a>none</a>
      <a href="mailto:a@b.example">m</a><link href="/style.css" rel=stylesheet><img src=/i.png><!-- <a href=/c> -->
      <script>"<a href=/s>"</script><a href="https://other.example/">o</a>`;
    expect((await read(html)).links).toEqual([
      'https://docs.example/help/one',
      'https://docs.example/two?a=1&b=2',
      'https://other.example/',
    ]);
  });

  it('are read against the first base', async () => {
    expect((await read('<base href="/v2/"><base href="/v3/"><a href="a">')).links).toEqual([
      'https://docs.example/v2/a',
    ]);
    expect((await read('<base href="javascript:x"><a href="a">')).links).toEqual(['https://docs.example/help/a']);
  });

  it('come with the address that the page calls its own', async () => {
    expect(
      (await read('<link rel="alternate CANONICAL" href="/own#x"><link rel=canonical href=/later>')).canonical,
    ).toBe('https://docs.example/own');
    expect((await read('<link rel=canonical href="javascript:x">')).canonical).toBeUndefined();
    expect((await read('')).canonical).toBeUndefined();
  });

  it('end where a page has too many or nests too deep, in little time', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `<a href="/${index}">`).join('</a>');
    expect((await read(many)).links).toHaveLength(2_000);
    const startedAt = performance.now();
    const tower = await read(`<a href=/first>${'<b><i>'.repeat(800_000)}<a href=/last>`);
    expect(tower.links).toEqual(['https://docs.example/first']);
    await read(`<a href="${'x'.repeat(4_000_000)}">${'<'.repeat(500_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
