import { normaliseWording, wordingHash } from './wording';

describe('normaliseWording', () => {
  it.each([
    ['case, punctuation and spaces', 'How do I get a refund?', '  how   do i\nGET a refund  ?!'],
    ['typographic marks', '“What’s new” – today?', '"what\'s new" - today'],
    ['other apostrophes', 'what’s new', 'whatʼs new'],
    ['an ellipsis', 'And then…', 'and then...'],
    ['Spanish marks', '¿Cuánto cuesta?', 'cuánto cuesta'],
    ['composed and combining accents', 'Où est le café ?', 'Ou\u0300 est le cafe\u0301'],
    ['sharp s', 'Straße gesperrt?', 'STRASSE GESPERRT'],
    ['final sigma', 'Πού είναι ο ΔΡΟΜΟΣ;', 'πού είναι ο δρομος'],
    ['Turkish capitals', 'İade nasıl yapılır?', 'iade nasil YAPILIR'],
    ['Cyrillic', 'Как вернуть деньги?', 'КАК ВЕРНУТЬ ДЕНЬГИ'],
    ['Armenian', 'Ինչպե՞ս վերադարձնել', 'ԻՆՉՊԵ՞Ս ՎԵՐԱԴԱՐՁՆԵԼ'],
    ['full width Latin and Chinese marks', '退款要多久？ＡＢＣ', '退款要多久 abc'],
    ['half width katakana', 'ﾍﾙﾌﾟはどこ？', 'ヘルプはどこ'],
    ['composed and conjoining Hangul', '환불은 어떻게 하나요?', '환불은 어떻게 하나요?'.normalize('NFD')],
    ['Arabic presentation forms, direction marks and question mark', '\u200fكيف أسترد المال؟', 'كيف أسترد ﺍﻟﻤﺎﻝ'],
    ['Hebrew with direction marks', '\u202bאיך מחזירים מוצר?\u202c', 'איך מחזירים מוצר'],
    ['Persian with a joiner or none', 'می\u200cخواهم', 'میخواهم'],
    ['Devanagari with its danda and nukta', 'पैसे कब मिलेंगे।', 'पैसे कब मिलेंगे'],
    ['Devanagari letters of two spellings', 'क़ीमत', 'क\u093cीमत'],
    ['Thai', 'คืนเงินอย่างไร?', 'คืนเงินอย่างไร'],
    ['emoji of two presentations', 'Refund ❤️?', 'refund ❤'],
    ['soft hyphens', 'Rück\u00aderstattung', 'rückerstattung'],
    ['ligatures and superscripts', 'ﬁle size in m²', 'file size in m2'],
  ])('takes %s for the same', (_name, a, b) => {
    expect(normaliseWording(b)).toBe(normaliseWording(a));
    expect(wordingHash(b)).toEqual(wordingHash(a));
  });

  it.each([
    ['another word', 'How do I get a refund?', 'How do I get the refund?'],
    ['a word more', 'How do I get a refund?', 'How do I get a refund today?'],
    ['words in another order', 'is it open', 'it is open'],
    ['accents', 'año', 'ano'],
    ['vowel signs', 'की', 'का'],
    ['Arabic letters', 'علم', 'عمل'],
    ['marks that change what is meant', 'Do you teach C#?', 'Do you teach C?'],
    ['per cent', 'Is it 5 % off?', 'Is it 5 off?'],
    ['plus', 'C++', 'C'],
    ['decimals', 'Is 1.5 enough?', 'Is 15 enough?'],
    ['joined words', 'log in', 'login'],
    ['emoji', '👍', '👎'],
    ['Cyrillic that looks Latin', 'сор', 'cop'],
  ])('tells %s apart', (_name, a, b) => {
    expect(normaliseWording(b)).not.toBe(normaliseWording(a));
  });

  it('leaves nothing empty that somebody can see, and does the same twice', () => {
    for (const text of ['???', ' ! ', '🙂🙂🙂', '¿?']) {
      expect(normaliseWording(text)).not.toBe('');
      expect(normaliseWording(normaliseWording(text))).toBe(normaliseWording(text));
    }
    expect(normaliseWording(' \n\u200b ')).toBe('');
  });

  it('takes linear time', () => {
    const started = performance.now();
    for (const text of ["a'".repeat(20_000), ' ?'.repeat(20_000), 'é́'.repeat(20_000)]) normaliseWording(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
