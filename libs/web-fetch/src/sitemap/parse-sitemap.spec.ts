import { parseSitemap } from './parse-sitemap';

const NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const parse = (xml: string, max = 100) => parseSitemap(xml, max);

describe('Sitemaps', () => {
  it('list pages with the day they changed', async () => {
    const xml = `\uFEFF<?xml version="1.0" encoding="UTF-8"?><!-- made by hand -->
      <urlset ${NS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc> https://docs.example/a?b=1&amp;c=2 </loc><lastmod>2024-05-01</lastmod><priority>1</priority>
          <image:image><image:loc>https://docs.example/i.png</image:loc></image:image></url>
        <url><lastmod>soon</lastmod><loc><![CDATA[https://docs.example/b]]></loc></url>
        <url><lastmod>2024-05-01</lastmod></url>
      </urlset>`;
    expect(await parse(xml)).toEqual({
      lists: 'pages',
      isCut: false,
      entries: [
        { location: 'https://docs.example/a?b=1&c=2', lastModifiedAt: new Date('2024-05-01') },
        { location: 'https://docs.example/b' },
      ],
    });
  });

  it('list sitemaps, and may have a prefix', async () => {
    const xml = `<sm:sitemapindex xmlns:sm="x"><sm:sitemap><sm:loc>https://docs.example/1.xml</sm:loc></sm:sitemap></sm:sitemapindex>`;
    expect(await parse(xml)).toMatchObject({
      lists: 'sitemaps',
      entries: [{ location: 'https://docs.example/1.xml' }],
    });
  });

  it.each([
    '',
    'text',
    '<html><body><a href=x></html>',
    '<rss><channel/></rss>',
    '<a><urlset><url><loc>x</loc></url></urlset></a>',
  ])('are not %p', async (xml) => expect(await parse(xml)).toEqual({ lists: 'none', entries: [], isCut: false }));

  it('are read up to the limit', async () => {
    const xml = `<urlset>${'<url><loc>https://docs.example/a</loc></url>'.repeat(5)}</urlset>`;
    expect(await parse(xml, 5)).toMatchObject({ isCut: false, entries: { length: 5 } });
    expect(await parse(xml, 4)).toMatchObject({ isCut: true, entries: { length: 4 } });
  });

  it('know no entities of their own, and read no other files', async () => {
    const bomb = `<!DOCTYPE urlset [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
      <urlset><url><loc>https://docs.example/&b;&c;</loc></url></urlset>`;
    expect((await parse(bomb)).entries).toEqual([{ location: 'https://docs.example/&b;&c;' }]);
  });

  it.each([
    ['open tags alone', '<a>'.repeat(3_000_000)],
    ['closing tags of others', `${'<a>'.repeat(20)}${'</b>'.repeat(2_000_000)}`],
    ['a tower of entries', '<url>'.repeat(2_000_000)],
  ])('are none, at once, where they are built of %s', async (_, inside) => {
    expect((await parse(`<urlset>${inside}`)).entries).toEqual([]);
  });

  it('take little time and memory, however long their parts are', async () => {
    expect(
      (await parse(`<urlset><url><loc>${'x'.repeat(5_000_000)}</loc></url></urlset>`)).entries[0]?.location,
    ).toHaveLength(2049);
    expect((await parse(`<urlset${' a="b"'.repeat(200_000)}>`)).entries).toEqual([]);
  });
});
