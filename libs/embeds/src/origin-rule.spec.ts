import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOriginRuleFault, isWebOrigin, matchesOrigin } from './origin-rule';

const corpus = join(__dirname, '../../../../shared/data/attack/own/origins.json');

interface OriginCase {
  id: string;
  origin: string;
  expect: string;
}

describe('matchesOrigin', () => {
  const rules = ['https://shop.example.com', 'https://*.example.org', 'https://*.example.net:8443'];

  it.each([
    'https://shop.example.com',
    'https://a.example.org',
    'https://xn--bcher-kva.example.org',
    'https://a.example.net:8443',
  ])('accepts %s', (origin) => expect(matchesOrigin(rules, origin)).toBe(true));

  it.each([
    undefined,
    '',
    'null',
    'https://example.org',
    'https://a.b.example.org',
    'https://.example.org',
    'https://-a.example.org',
    'https://a.example.org.evil.test',
    'https://evil.test/.example.org',
    'https://evil.test#.example.org',
    'https://user@a.example.org',
    'http://a.example.org',
    'https://a.example.org:8443',
    'https://a.example.net',
    'https://aexample.org',
    'https://*.example.org',
    `https://${'a'.repeat(64)}.example.org`,
  ])('rejects %s', (origin) => expect(matchesOrigin(rules, origin)).toBe(false));

  it('allows nobody without rules', () => expect(matchesOrigin([], 'https://shop.example.com')).toBe(false));
});

describe('findOriginRuleFault', () => {
  it.each(['https://shop.example.com', 'https://shop.example.com:8443', 'https://*.example.com', 'https://10.1.2.3'])(
    'accepts %s anywhere',
    (rule) => expect(findOriginRuleFault(rule, false)).toBeNull(),
  );

  it.each(['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080', 'http://app.localhost'])(
    'accepts %s in development alone',
    (rule) => {
      expect(findOriginRuleFault(rule, true)).toBeNull();
      expect(findOriginRuleFault(rule, false)).not.toBeNull();
    },
  );

  it.each([
    '*',
    'null',
    '',
    'shop.example.com',
    'https://',
    'https://*',
    'https://*.com',
    'https://*.*.example.com',
    'https://a*.example.com',
    'https://shop.*.com',
    'https://*.10.0.0.1',
    'http://shop.example.com',
    'http://127.0.0.1.evil.test',
    'http://localhost.evil.test',
    'http://*.localhost',
    'https://shop.example.com/',
    'https://shop.example.com/path',
    'https://shop.example.com?x=1',
    'https://shop.example.com#x',
    'https://user:pw@shop.example.com',
    'https://Shop.example.com',
    'https://shop.example.com:443',
    'https://shop.example.com.',
    'https://bücher.example',
    ' https://shop.example.com',
    'ftp://shop.example.com',
    'chrome-extension://abc',
    'javascript:alert(1)',
  ])('refuses %p', (rule) => expect(findOriginRuleFault(rule, true)).not.toBeNull());

  it('says how a rule must be written', () => {
    expect(findOriginRuleFault('https://Bücher.Example/', false)?.message).toContain('https://xn--bcher-kva.example');
    expect(findOriginRuleFault('https://*.Example.com', false)?.message).toContain('https://*.example.com');
  });
});

describe('isWebOrigin', () => {
  it.each(['https://a.example', 'http://localhost:5173'])('knows %s', (origin) =>
    expect(isWebOrigin(origin)).toBe(true),
  );
  it.each([undefined, '', 'null', 'https://a.example/', 'chrome-extension://abc', 'https://A.example'])(
    'does not take %s for one',
    (origin) => expect(isWebOrigin(origin)).toBe(false),
  );
});

const describeCorpus = existsSync(corpus) ? describe : describe.skip;
describeCorpus('the attack origins (../shared/data/attack/own/origins.json)', () => {
  // The file's own shape; its manifest describes it.
  const cases = existsSync(corpus) ? (JSON.parse(readFileSync(corpus, 'utf8')) as OriginCase[]) : [];

  it('are there', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases)('$id $origin: $expect', ({ origin, expect: expected }) => {
    // Where the corpus leaves the choice (upper case, default port), we reject: browsers send neither.
    expect(matchesOrigin(['https://shop.example.com'], origin)).toBe(expected === 'accept');
  });
});
