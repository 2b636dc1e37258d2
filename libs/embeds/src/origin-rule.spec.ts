import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWebOrigin, matchesOrigin, readOriginRule } from './origin-rule';

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

describe('readOriginRule', () => {
  const faultOf = (rule: string, allowsLoopbackHttp = true): string => {
    const read = readOriginRule(rule, allowsLoopbackHttp);
    return 'fault' in read ? read.fault : '';
  };

  it.each([
    'https://shop.example.com',
    'https://shop.example.com:8443',
    'https://*.example.com',
    'https://*.example.com:8443',
    'https://10.1.2.3',
    'https://[2001:db8::1]',
    'https://xn--bcher-kva.example',
  ])('takes %s as it is', (rule) => expect(readOriginRule(rule, false)).toEqual({ rule }));

  it.each([
    ['https://Shop.Example.com', 'https://shop.example.com'],
    ['HTTPS://shop.example.com', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['https://Bücher.example', 'https://xn--bcher-kva.example'],
    ['https://bu\u0308cher.example', 'https://xn--bcher-kva.example'],
    ['https://*.Bücher.example', 'https://*.xn--bcher-kva.example'],
    ['https://магазин.example', 'https://xn--80aairftm.example'],
  ])('takes %s as %s', (written, rule) => expect(readOriginRule(written, false)).toEqual({ rule }));

  it.each(['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080', 'http://app.localhost'])(
    'A09 takes %s in development alone',
    (rule) => {
      expect(readOriginRule(rule, true)).toEqual({ rule });
      expect(faultOf(rule, false)).not.toBe('');
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
    'http://*.example.com',
    'https://shop.example.com/',
    'https://shop.example.com/path',
    'https://shop.example.com?x=1',
    'https://shop.example.com#x',
    'https://user:pw@shop.example.com',
    'https://user@shop.example.com',
    'https://shop.example.com.',
    'https://*.example.com.',
    'https://shop.example.com:',
    'https://shop.example.com:99999',
    ' https://shop.example.com',
    'https://shop.example.com ',
    'https:\\\\shop.example.com',
    'https:shop.example.com',
    'ftp://shop.example.com',
    'chrome-extension://abc',
    'javascript:alert(1)',
    // Browsers read these as another host than is written.
    'https://0x7f.0.0.1',
    'https://2130706433',
    'https://shop%2eexample.com',
    'https://shop\u3002example.com',
    'https://\uff53hop.example.com',
    'https://shop\u00ad.example.com',
    'https://\u24d0pple.example',
    // Look-alikes.
    'https://sh\u03bfp.example.com',
    'https://p\u0430ypal.example',
    'https://\u0430\u0440\u0440\u04cf\u0435.example',
    'https://*.sh\u03bfp.example',
  ])('A09 refuses %p', (rule) => expect(faultOf(rule)).not.toBe(''));

  it('says how a rule must be written', () => {
    expect(faultOf('https://shop.example.com/help')).toContain('https://shop.example.com');
    expect(faultOf('https://0x7f.0.0.1')).toContain('https://127.0.0.1');
    const punycode = new URL('https://sh\u03bfp.example.com').origin;
    expect(faultOf('https://sh\u03bfp.example.com')).toContain(punycode);
    expect(readOriginRule(punycode, false)).toEqual({ rule: punycode });
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
