import { explainOrigin } from './explain-origin';

const RULES = [
  'https://shop.example.com',
  'https://*.example.org',
  'https://help.example.net:8443',
  'http://localhost:3000',
];
const codesOf = (origin: string, rules = RULES): string[] =>
  explainOrigin(rules, origin).reasons.map(({ code }) => code);

describe('explainOrigin', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['https://a.example.org', 'https://*.example.org'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('A09 names the rule that allows %s', (origin, rule) => {
    expect(explainOrigin(RULES, origin)).toEqual({
      matchedRule: rule,
      reasons: [{ code: 'matched', message: expect.stringContaining(rule) }],
    });
  });

  it.each([
    ['http://shop.example.com', ['scheme']],
    ['https://localhost:3000', ['scheme']],
    ['https://shop.example.com:8443', ['port']],
    ['https://help.example.net', ['port']],
    ['https://www.shop.example.com', ['subdomain']],
    ['https://example.com', ['subdomain']],
    ['https://example.org', ['subdomain']],
    ['https://a.b.example.org', ['subdomain']],
    ['https://a.example.org:444', ['port']],
    ['https://shop.example.com.', ['trailing-dot']],
    ['https://shop.example.com.evil.example', ['not-listed']],
    ['https://sh\u03bfp.example.com', ['spelling', 'look-alike']],
    ['https://SHOP.example.com', ['spelling']],
    ['https://shop.example.com/help', ['spelling']],
    ['https://shop.example.com:443', ['spelling']],
    ['null', ['null-origin']],
    ['shop.example.com', ['not-an-origin']],
    ['', ['not-an-origin']],
    ['chrome-extension://abc', ['not-an-origin']],
  ])('A09 says of %s: %j', (origin, codes) => {
    expect(explainOrigin(RULES, origin).matchedRule).toBeNull();
    expect(codesOf(origin)).toEqual(codes);
  });

  it('says that nobody is allowed yet', () => expect(codesOf('https://shop.example.com', [])).toEqual(['no-rules']));

  it('says in words what differs', () => {
    const [reason] = explainOrigin(RULES, 'https://shop.example.com:8443').reasons;
    expect(reason?.message).toBe('The rule https://shop.example.com is for port 443, and this is port 8443.');
    expect(explainOrigin(RULES, 'https://shop.example.com/x').reasons[0]?.message).toContain('which is allowed');
  });
});
