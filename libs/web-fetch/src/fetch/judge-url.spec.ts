import { judgeUrl } from './judge-url';

const codeOf = (address: string): string => {
  try {
    return `fine: ${judgeUrl(address).href}`;
  } catch (error) {
    return (error as { code: string }).code; // an AppError, or the comparison fails
  }
};

describe('Judging addresses of pages', () => {
  it('F08 takes http and https on their own ports and drops the fragment', () => {
    expect(judgeUrl('HTTPS://Example.COM:443/a?b#c').href).toBe('https://example.com/a?b');
    expect(judgeUrl('http://example.com').href).toBe('http://example.com/');
    expect(judgeUrl('https://bücher.example/').href).toBe('https://xn--bcher-kva.example/');
    expect(judgeUrl('http://example.com:443/').port).toBe('443');
    expect(judgeUrl('https://8.8.8.8/').href).toBe('https://8.8.8.8/');
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ws://example.com/',
    'gopher://example.com/',
    'data:text/html,x',
    'http://example.com:8080/',
    'http://example.com:22/',
    'https://user@example.com/',
    'https://:secret@example.com/',
    'https://example.com@127.0.0.1/',
    '//example.com/',
    '/help',
    'example.com',
    '',
    'http://[::1',
    'http://xn--/',
    `https://example.com/${'a'.repeat(2048)}`,
  ])('F08 does not take %.60s for one', (address) => {
    expect(codeOf(address)).toBe('source.address-invalid');
  });

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://0/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://redis/',
    'https://intranet/',
    'http://router.home.arpa/',
  ])('F08 refuses %s', (address) => {
    expect(codeOf(address)).toBe('source.address-refused');
  });

  it('F08 an exception is one address on one port', () => {
    const exceptions = { endpoints: ['127.0.0.1:4321'] };
    expect(judgeUrl('http://127.0.0.1:4321/', exceptions).port).toBe('4321');
    for (const address of [
      'http://127.0.0.2:4321/',
      'http://127.0.0.1/',
      'http://[::1]:4321/',
      'http://localhost:4321/',
    ]) {
      expect(() => judgeUrl(address, exceptions)).toThrow(expect.objectContaining({ code: 'source.address-refused' }));
    }
    expect(() => judgeUrl('http://127.0.0.1:321/', exceptions)).toThrow(
      expect.objectContaining({ code: 'source.address-invalid' }),
    );
  });
});
