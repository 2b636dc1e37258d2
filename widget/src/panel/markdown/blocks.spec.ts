import { type Block, parseBlocks } from './blocks';
import { plainText } from './plain-text';

const blocks = (text: string): Block[] => parseBlocks(text).map(({ block }) => block);

describe('parseBlocks', () => {
  it('reads paragraphs, headings and code', () => {
    expect(blocks('# Title #\nfirst\nsecond\n\nthird\n```js\nlet a;\n\n  b\n```\nend')).toEqual([
      { type: 'h', text: 'Title' },
      { type: 'p', text: 'first\nsecond' },
      { type: 'p', text: 'third' },
      { type: 'pre', text: 'let a;\n\n  b' },
      { type: 'p', text: 'end' },
    ]);
  });

  it('reads a list with gaps, text that goes on, and lists inside', () => {
    expect(blocks('2. one\n   more\n\n3. two\n   - a\n   - b\n4. three')).toEqual([
      {
        type: 'ol',
        start: 2,
        items: [
          { text: 'one\nmore', lists: [] },
          {
            text: 'two',
            lists: [
              {
                type: 'ul',
                start: 1,
                items: [
                  { text: 'a', lists: [] },
                  { text: 'b', lists: [] },
                ],
              },
            ],
          },
          { text: 'three', lists: [] },
        ],
      },
    ]);
  });

  it('ends a list at a paragraph after a gap and at another kind of list', () => {
    expect(blocks('- a\n\ntext\n- b\n1. c').map(({ type }) => type)).toEqual(['ul', 'p', 'ul', 'ol']);
  });

  it('takes the rest for code while a fence is open', () => {
    expect(blocks('```\n# not a heading')).toEqual([{ type: 'pre', text: '# not a heading' }]);
  });

  it.each(['', '\n\n', '---', ' \n***\n'])('finds nothing in %j', (text) => {
    expect(blocks(text)).toEqual([]);
  });

  it('reads Windows line ends', () => {
    expect(blocks('a\r\n\r\n- b\r\n')).toEqual([
      { type: 'p', text: 'a' },
      { type: 'ul', start: 1, items: [{ text: 'b', lists: [] }] },
    ]);
  });

  it('never changes a block before the last one when text follows', () => {
    const text = '# A\n\npara one\nmore\n\n- x\n- y\n  1. z\n\n```\ncode\n```\n\n1. q\n\nlast **bold** one';
    for (let end = 1; end < text.length; end++) {
      const now = parseBlocks(text.slice(0, end));
      const later = parseBlocks(text.slice(0, end + 1));
      expect(later.slice(0, now.length - 1)).toEqual(now.slice(0, -1));
    }
  });

  it('can go on from where the last block begins, with the same result', () => {
    const text = 'one\n\ntwo\n\n- a\n- b\n\nthree';
    const whole = parseBlocks(text);
    const from = whole[1]?.at ?? 0;
    const rest = parseBlocks(text.slice(from)).map(({ at, block }) => ({ at: at + from, block }));
    expect(rest).toEqual(whole.slice(1));
  });
});

describe('plainText', () => {
  it('is what a screen reader should say', () => {
    expect(plainText('Hello **you**. [1]\n\n- see [docs](https://a.example) `x`\n')).toBe(
      'Hello you.\u202f\nsee docs x',
    );
  });
});
