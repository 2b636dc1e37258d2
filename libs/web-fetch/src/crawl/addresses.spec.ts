import { hostOf, isSameHost, isWwwTwin, resolveUrl } from './addresses';

const BASE = 'https://docs.example/help/start?x=1#top';
const url = (text: string): URL => new URL(text);

describe('Addresses on pages', () => {
  it.each([
    ['faq', 'https://docs.example/help/faq'],
    ['/a/../b', 'https://docs.example/b'],
    ['?y=2', 'https://docs.example/help/start?y=2'],
    ['#part', 'https://docs.example/help/start?x=1'],
    ['//other.example', 'https://other.example/'],
    ['HTTPS://DOCS.example:443/A', 'https://docs.example/A'],
    ['/a?utm_source=mail&b=1&gclid=x', 'https://docs.example/a?b=1'],
    ['/a?UTM_Campaign=x', 'https://docs.example/a'],
    ['/a?b=%20&c', 'https://docs.example/a?b=%20&c'],
    ['/ü', 'https://docs.example/%C3%BC'],
  ])('%s leads to %s', (written, resolved) => expect(resolveUrl(written, BASE)?.href).toBe(resolved));

  it.each([
    'mailto:a@b.example',
    'javascript:void 0',
    'tel:1',
    'data:,x',
    'http://[',
    'https://a@docs.example/',
    `/${'a'.repeat(3000)}`,
  ])('%.40s leads to no page', (written) => expect(resolveUrl(written, BASE)).toBeNull());

  it('tells hosts apart by name and by ports that are not the web’s own', () => {
    expect(isSameHost(url('http://a.example/'), url('https://A.example./x'))).toBe(true);
    expect(isSameHost(url('https://a.example/'), url('https://b.a.example/'))).toBe(false);
    expect(isSameHost(url('http://a.example:8080/'), url('http://a.example/'))).toBe(false);
    expect(hostOf(url('http://[::1]:8080/'))).toBe('::1:8080');
    expect(isWwwTwin('www.a.example', 'a.example')).toBe(true);
    expect(isWwwTwin('a.example', 'b.example')).toBe(false);
  });
});
