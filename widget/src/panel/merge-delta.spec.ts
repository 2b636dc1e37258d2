import { mergeDelta } from './merge-delta';

describe('mergeDelta', () => {
  it.each([
    ['appends what continues', 'abc', 3, 'def', 'abcdef'],
    ['takes only the new part of an overlap', 'abc', 1, 'bcde', 'abcde'],
    ['ignores what is known', 'abcdef', 2, 'cd', 'abcdef'],
    ['starts at nothing', '', 0, 'x', 'x'],
    ['counts UTF-16 units', 'a😀', 3, 'b', 'a😀b'],
  ])('%s', (_name, text, offset, piece, result) => {
    expect(mergeDelta(text, offset, piece)).toBe(result);
  });

  it('shows a gap', () => {
    expect(mergeDelta('abc', 4, 'e')).toBeNull();
  });

  it('builds the same text from pieces in order, repeated and overlapping', () => {
    const whole = 'The quick brown fox jumps over the lazy dog.';
    let text = '';
    for (const [from, to] of [
      [0, 10],
      [4, 12],
      [4, 12],
      [12, 13],
      [0, 30],
      [25, 44],
    ] as const) {
      text = mergeDelta(text, from, whole.slice(from, to)) ?? 'gap';
    }
    expect(text).toBe(whole);
  });
});
