import { splitSentences } from './sentences';

describe('splitSentences', () => {
  it('does not stop at abbreviations, numbers and list labels', () => {
    expect(splitSentences('Dr. Smith paid approx. 3.5 euros. Then he left.')).toEqual([
      'Dr. Smith paid approx. 3.5 euros.',
      'Then he left.',
    ]);
    expect(splitSentences('1. Open the app. 2. Tap Refund.')).toEqual(['1. Open the app.', '2. Tap Refund.']);
  });

  it('keeps a footnote whole with the sentence it follows', () => {
    expect(splitSentences('Refunds take five days.[17] Ask us.')).toEqual(['Refunds take five days.[17]', 'Ask us.']);
  });

  it('joins a sentence that a line break cut in two', () => {
    expect(splitSentences('Refunds are paid to the card that was\nused for the booking. Allow five days.')).toEqual([
      'Refunds are paid to the card that was\nused for the booking.',
      'Allow five days.',
    ]);
  });

  it('keeps headings, list items and table rows apart', () => {
    expect(splitSentences('Refunds\n\nHow to ask\nAsk us.\n- by phone\n- by mail\n| a | b |')).toEqual([
      'Refunds',
      'How to ask',
      'Ask us.',
      '- by phone',
      '- by mail',
      '| a | b |',
    ]);
  });

  it('splits other scripts', () => {
    expect(splitSentences('退款需要五天。请联系我们。', 'zh')).toEqual(['退款需要五天。', '请联系我们。']);
    expect(splitSentences('यह टिकट है। वह नहीं है।', 'hi')).toEqual(['यह टिकट है।', 'वह नहीं है।']);
  });

  it('yields slices of the text and loses no word', () => {
    const text = 'One. Two!  Three?\nfour\n\nFive';
    const sentences = splitSentences(text);
    for (const sentence of sentences) expect(text).toContain(sentence);
    expect(sentences.join(' ').match(/\w+/g)).toEqual(text.match(/\w+/g));
  });

  it('cuts a megabyte without a full stop into bounded pieces, in bounded time', () => {
    const started = performance.now();
    const sentences = splitSentences('word '.repeat(200_000));
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(4_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('yields nothing for blank text', () => {
    expect(splitSentences(' \n \n')).toEqual([]);
  });
});
