import { parseInline, safeHref } from './inline';

describe('parseInline', () => {
  it.each([
    ['plain text', ['plain text']],
    ['a **bold** word', ['a ', { type: 'strong', children: ['bold'] }, ' word']],
    ['*one* and _two_', [{ type: 'em', children: ['one'] }, ' and ', { type: 'em', children: ['two'] }]],
    [
      '**bold with *em* inside**',
      [{ type: 'strong', children: ['bold with ', { type: 'em', children: ['em'] }, ' inside'] }],
    ],
    ['run `npm *start*` now', ['run ', { type: 'code', text: 'npm *start*' }, ' now']],
    ['``a ` b``', [{ type: 'code', text: 'a ` b' }]],
    ['[docs](https://example.com/a_b)', [{ type: 'link', href: 'https://example.com/a_b', children: ['docs'] }]],
    ['[mail](mailto:a@example.com)', [{ type: 'link', href: 'mailto:a@example.com', children: ['mail'] }]],
    [
      '[w](https://en.wikipedia.org/wiki/A_(b))',
      [{ type: 'link', href: 'https://en.wikipedia.org/wiki/A_(b)', children: ['w'] }],
    ],
    [
      'see https://example.com/x.',
      ['see ', { type: 'link', href: 'https://example.com/x', children: ['https://example.com/x'] }, '.'],
    ],
    ['\\*not em\\*', ['*not em*']],
  ])('reads %j', (text, parts) => {
    expect(parseInline(text)).toEqual(parts);
  });

  it.each(['**bold', 'a * b * c', 'max_file_size', '2 * 3', '`code', '[text', '[a](', '**', '***', 'x ** y **', '\\'])(
    'leaves %j as it is',
    (text) => {
      expect(parseInline(text)).toEqual([text]);
    },
  );

  it('keeps a citation marker with the word before it', () => {
    expect(parseInline('Free returns. [1] More [12][3]')).toEqual([
      'Free returns.\u202f',
      { type: 'cite', marker: 1 },
      ' More\u202f',
      { type: 'cite', marker: 12 },
      '\u202f',
      { type: 'cite', marker: 3 },
    ]);
  });

  it.each([
    ['an image', '![tracker](https://evil.example/p.png)', ['tracker']],
    ['a script address', '[click](javascript:alert(1))', ['click']],
    ['a script address in disguise', '[click](JaVaScRiPt:alert(1))', ['click']],
    ['a data address', '[click](data:text/html,x)', ['click']],
    ['an address without a scheme', '[click](//evil.example)', ['click']],
    ['a name and password', '[bank](https://bank.example@evil.example/)', ['bank']],
    ['HTML', '<img src=x onerror=alert(1)>', ['<img src=x onerror=alert(1)>']],
  ])('makes only text of %s', (_name, text, parts) => {
    expect(parseInline(text)).toEqual(parts);
  });

  it('does not call an address inside a link a second link', () => {
    expect(parseInline('[https://bank.example](https://evil.example)')).toEqual([
      { type: 'link', href: 'https://evil.example/', children: ['https://bank.example'] },
    ]);
  });

  it.each([
    ['stars', '*a '.repeat(4000)],
    ['double stars', '**a '.repeat(4000)],
    ['ticks', '`'.repeat(1) + 'a`` '.repeat(4000)],
    ['brackets', '['.repeat(8000)],
    ['links that never end', '[a]('.repeat(3000)],
    ['addresses', 'https://'.repeat(2000)],
    ['underscores', '_a'.repeat(6000)],
  ])('is quick with a long row of %s', (_name, text) => {
    const started = performance.now();
    parseInline(text);
    // A quadratic scan of 12,000 signs takes seconds; this one milliseconds. The bound leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('safeHref', () => {
  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'vbscript:x',
    'file:///etc/passwd',
    'https://',
    'http:/x',
    '',
  ])('refuses %j', (address) => {
    expect(safeHref(address)).toBeNull();
  });
});
