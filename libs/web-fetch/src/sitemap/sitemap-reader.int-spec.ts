import { gzipSync } from 'node:zlib';
import { SafeFetch } from '../fetch/safe-fetch';
import { LocalSite } from '../testing/local-site';
import { ScriptedResolver } from '../testing/scripted-resolver';
import { SitemapReader } from './sitemap-reader';

describe('Reading the sitemap of a site', () => {
  let site: LocalSite;
  let canary: LocalSite;
  let reader: SitemapReader;

  const at = (path: string, host = 'docs.test'): string => `http://${host}:${site.port}${path}`;
  const list = (...urls: string[]): string =>
    `<urlset>${urls.map((url) => `<url><loc>${url}</loc></url>`).join('')}</urlset>`;
  const index = (...urls: string[]): string =>
    `<sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`;
  const xml = (path: string, text: string | Buffer, type = 'application/xml'): void => site.text(path, text, type);
  const paths = async (maxPages = 100): Promise<string[]> =>
    (await reader.read(at('/sitemap.xml'), maxPages)).pages.map(({ url }) => url.replace(at(''), ''));

  beforeAll(async () => {
    site = await new LocalSite().start();
    canary = await new LocalSite({ address: '127.0.0.2', port: site.port }).start();
    const resolver = new ScriptedResolver().on('docs.test', ['127.0.0.1']).on('inside.test', ['127.0.0.2']);
    const exceptions = { endpoints: [site.endpoint] };
    reader = new SitemapReader(new SafeFetch({ environment: 'test', contactUrl: null, resolver, exceptions }));
  });
  afterEach(() => site.forget());
  afterAll(async () => {
    await site.stop();
    await canary.stop();
  });

  it('gives its pages, each once, on its own host alone', async () => {
    const foreign = [at('/', 'other.test'), 'ftp://docs.test/', '/', 'nonsense:', 'http://a@docs.test/'];
    xml('/sitemap.xml', list(at('/a'), at('/b#x'), at('/b'), `https://docs.test:${site.port}/c`, ...foreign));
    expect(await paths()).toEqual(['/a', '/b', `https://docs.test:${site.port}/c`, '/']);
  });

  it('is unpacked when it is a packed file', async () => {
    xml('/sitemap.xml', gzipSync(list(at('/a'))), 'application/x-gzip');
    expect(await paths()).toEqual(['/a']);
    xml('/sitemap.xml', gzipSync(list(at('/a'))).subarray(0, 30), 'application/gzip');
    await expect(paths()).rejects.toMatchObject({ code: 'source.answer-invalid' });
  });

  it('F08 a packed bomb is stopped', async () => {
    xml('/sitemap.xml', gzipSync(Buffer.alloc(50 * 1024 * 1024)), 'application/gzip');
    await expect(paths()).rejects.toMatchObject({ code: 'source.too-large' });
  });

  it('follows an index one level down, and says what could not be read', async () => {
    xml('/sitemap.xml', index(at('/1.xml'), at('/none.xml'), at('/nested.xml'), at('/page.xml'), at('/2.xml')));
    xml('/1.xml', list(at('/a'), at('/b')));
    xml('/2.xml', list(at('/b'), at('/c')));
    xml('/nested.xml', index(at('/3.xml')));
    xml('/page.xml', '<html>');
    const { pages, failed, isCut } = await reader.read(at('/sitemap.xml'), 100);
    expect(pages.map(({ url }) => url)).toEqual([at('/a'), at('/b'), at('/c')]);
    expect(failed.map(({ url, error }) => [url, error.code])).toEqual([
      [at('/none.xml'), 'source.gone'],
      [at('/nested.xml'), 'source.sitemap-invalid'],
      [at('/page.xml'), 'source.sitemap-invalid'],
    ]);
    expect(isCut).toBe(false);
    expect(site.paths).not.toContain('/3.xml');
  });

  it('stops at the number of pages, and reads no more sitemaps then', async () => {
    xml('/sitemap.xml', index(at('/1.xml'), at('/2.xml')));
    xml('/1.xml', list(at('/a'), at('/b')));
    expect(await reader.read(at('/sitemap.xml'), 2)).toMatchObject({ isCut: true, pages: { length: 2 } });
    expect(site.paths).toEqual(['/sitemap.xml', '/1.xml']);
    xml('/sitemap.xml', list(at('/a'), at('/b'), at('/c')));
    expect(await reader.read(at('/sitemap.xml'), 2)).toMatchObject({ isCut: true, pages: { length: 2 } });
    expect(await reader.read(at('/sitemap.xml'), 3)).toMatchObject({ isCut: false, pages: { length: 3 } });
  });

  it('reads fifty sitemaps of an index at most', async () => {
    xml('/sitemap.xml', index(...Array.from({ length: 60 }, (_, part) => at(`/${part}.xml`))));
    const { failed, isCut } = await reader.read(at('/sitemap.xml'), 100);
    expect(failed).toHaveLength(50);
    expect(isCut).toBe(true);
  });

  it('F08 an index leads nowhere inside', async () => {
    xml(
      '/sitemap.xml',
      index(at('/s.xml', 'inside.test'), `http://127.0.0.2:${site.port}/s.xml`, 'file:///etc/passwd', at('/m.xml')),
    );
    site.redirect('/m.xml', at('/', 'inside.test'));
    const { pages, failed } = await reader.read(at('/sitemap.xml'), 100);
    expect(pages).toEqual([]);
    expect(failed.map(({ url, error }) => [url, error.code])).toEqual([[at('/m.xml'), 'source.unreachable']]);
    expect(canary.connections).toBe(0);
  });

  it.each([
    ['a page', () => xml('/sitemap.xml', '<html></html>'), 'source.sitemap-invalid'],
    ['a page by its type', () => site.html('/sitemap.xml', list(at('/a'))), 'source.type-refused'],
    ['missing', () => undefined, 'source.gone'],
  ])('says so when it is %s', async (_what, prepare, code) => {
    prepare();
    await expect(paths()).rejects.toMatchObject({ code });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    xml('/sitemap.xml', index(at('/1.xml'), at('/2.xml')));
    site.route('/1.xml', () => stop.abort(reason));
    await expect(reader.read(at('/sitemap.xml'), 5, stop.signal)).rejects.toBe(reason);
    expect(site.paths).toEqual(['/sitemap.xml', '/1.xml']);
  });
});
