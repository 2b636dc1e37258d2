import { PathPattern } from './path-pattern';
import { RobotsTxt } from './robots-txt';

const TOKEN = 'CustomerCareBot';
const allows = (text: string, path: string): boolean =>
  RobotsTxt.parse(text, TOKEN).isAllowed(new URL(path, 'https://docs.example'));
const rules = (...lines: string[]): string => ['User-agent: *', ...lines].join('\n');

describe('robots.txt', () => {
  it('allows everything where it says nothing', () => {
    for (const text of ['', '# nothing', 'User-agent: *\nDisallow:', 'Disallow: /', '<html>Not found</html>']) {
      expect(allows(text, '/a')).toBe(true);
    }
  });

  // The examples of RFC 9309, 5.2, and of the table in Google's description of the format.
  it.each([
    ['/example/page/', '/example/page/disallowed.gif', false, '/example/page/disallowed.gif'],
    ['/p', '/', true, '/page'],
    ['/folder', '/folder', true, '/folder/page'],
    ['/page', '/*.htm', false, '/page.htm'],
    ['/page', '/*.ph', true, '/page.php5'],
    ['/', '/page', false, '/page'],
    ['/$', '/', true, '/'],
    ['/$', '/', false, '/page.htm'],
  ])('of Allow: %s and Disallow: %s the longer one decides: %s for %s', (allow, disallow, isAllowed, path) => {
    expect(allows(rules(`Disallow: ${disallow}`, `Allow: ${allow}`), path)).toBe(isAllowed);
  });

  it.each([
    ['/fish', ['/fish', '/fish.html', '/fish/salmon', '/fishheads?id=1'], ['/Fish', '/catfish', '/?id=fish']],
    ['/fish*', ['/fish', '/fishheads'], ['/catfish']],
    ['/fish/', ['/fish/', '/fish/?id=1'], ['/fish', '/fish.html']],
    ['/*.php', ['/index.php', '/a/b.php?x', '/windows.PHP/a.php'], ['/', '/windows.PHP']],
    ['/*.php$', ['/a.php', '/a.php.php'], ['/a.php?x', '/a.php/', '/a.php5']],
    ['/fish*.php', ['/fish.php', '/fishheads/catfish.php?x'], ['/Fish.PHP', '/a/fish.php']],
    ['/$', ['/'], ['/a', '/?a']],
    ['*/b', ['/b', '/a/b/c'], ['/a']],
    ['/a*b$', ['/ab', '/axb', '/abab'], ['/abc', '/b']],
    ['/ab*ab$', ['/abab', '/abxab'], ['/ab']],
    ['/a$b', ['/a$b'], ['/a', '/ab']],
    ['/*?print=', ['/a?print=1'], ['/a?x=1']],
    ['/ü', ['/ü', '/%C3%BC', '/%c3%bc/x'], ['/u']],
    ['/%7Ejoe', ['/~joe', '/%7ejoe'], ['/joe']],
    ['/a%2Fb', ['/a%2fb'], ['/a/b']],
  ])('%s matches', (pattern, matching, others) => {
    const text = rules(`Disallow: ${pattern}`);
    expect(matching.filter((path) => allows(text, path))).toEqual([]);
    expect(others.filter((path) => !allows(text, path))).toEqual([]);
  });

  it('lets the rule that allows win between two as long, in either order', () => {
    expect(allows(rules('Disallow: /a', 'Allow: /a'), '/a')).toBe(true);
    expect(allows(rules('Allow: /a', 'Disallow: /a'), '/a')).toBe(true);
    expect(allows(rules('Allow: /a', 'Disallow: /ab'), '/abc')).toBe(false);
  });

  it('reads the groups that name the robot as one, and the others only without any', () => {
    const text = [
      'User-agent: *',
      'Disallow: /',
      'User-Agent: OtherBot',
      'user-agent: customercarebot/2.0',
      'Sitemap: https://docs.example/sitemap.xml',
      'Disallow: /private # not yours',
      '',
      'User-agent: CustomerCareBotanist',
      'Disallow: /flowers',
      'User-agent: CUSTOMERCAREBOT',
      'Disallow: /more',
    ].join('\r\n');
    const paths = ['/', '/private', '/more', '/flowers'];
    expect(paths.map((path) => allows(text, path))).toEqual([true, false, false, true]);
    expect(RobotsTxt.parse(text, TOKEN).sitemaps).toEqual(['https://docs.example/sitemap.xml']);
  });

  it('does not take lines between names for the end of a group', () => {
    expect(allows('User-agent: *\nSitemap: /s\nFoo: bar\nUser-agent: x\nDisallow: /', '/a')).toBe(false);
  });

  it('reads every end of a line and a byte order mark', () => {
    expect(allows('\uFEFFUser-agent:*\rDisallow:/a\rDisallow : /b', '/a')).toBe(false);
    expect(allows('\uFEFFUser-agent:*\rDisallow:/a\rDisallow : /b', '/b')).toBe(false);
  });

  it.each([
    ['5', 5],
    ['0.5', 0.5],
    ['-1', undefined],
    ['soon', undefined],
    ['1e9', undefined],
  ])('reads Crawl-delay: %s', (value, seconds) => {
    expect(RobotsTxt.parse(rules(`Crawl-delay: ${value}`), TOKEN).crawlDelaySeconds).toBe(seconds);
  });

  it('always allows robots.txt itself', () => {
    expect(allows(rules('Disallow: /'), '/robots.txt')).toBe(true);
  });

  it('takes no time for rules that are made to take it', () => {
    const path = `/${'a'.repeat(2000)}`;
    const stars = '*a'.repeat(1000);
    const text = rules(
      ...Array.from({ length: 250 }, () => `Disallow: /${stars}b`),
      `Disallow: /${'*'.repeat(100_000)}c`,
    );
    const startedAt = performance.now();
    expect(allows(text, path)).toBe(true);
    expect(allows(rules(`Disallow: ${' '.repeat(400_000)}x`, `${' '.repeat(400_000)}:`), path)).toBe(true);
    expect(new PathPattern(`/${stars}$`).matches(path)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
